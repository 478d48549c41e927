namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>
/// Tells from the numbers of the frames that came which did not. Aravis counts the packets that found no buffer, not the frames, and a
/// frame of which no packet came not at all. One thread at a time.
/// </summary>
internal sealed class FrameGaps
{
    // GigE Vision 1 has 16 bits for the number of a frame, and leaves 0 out.
    private const ulong Round = ushort.MaxValue;

    private ulong? _last;
    private long _incomplete;
    private long _refused;

    /// <summary>Gets how many frames found no buffer.</summary>
    public long Starved { get; private set; }

    /// <summary>Gets how many frames nothing came of.</summary>
    public long Missed { get; private set; }

    /// <summary>Notes a frame that is not whole; its number may be wrong, since the packet that tells it may be the one that is missing.</summary>
    public void AddIncomplete() => _incomplete++;

    /// <summary>Notes a frame that came whole.</summary>
    /// <param name="number">The camera's number of it.</param>
    /// <param name="refused">How many packets have found no buffer so far.</param>
    public void AddComplete(ulong number, long refused)
    {
        long gone = (_last is { } last ? Between(last, number) : 0) - _incomplete;
        if (gone > 0 && refused > _refused)
            Starved += gone;
        else if (gone > 0)
            Missed += gone;
        (_last, _incomplete, _refused) = (number, 0, refused);
    }

    /// <summary>Tells whether packets have found no buffer since the last frame came.</summary>
    public bool IsStarving(long refused) => refused > _refused;

    // A camera that counts anew, as some do at each start of an acquisition, has left nothing out.
    private static long Between(ulong last, ulong number)
    {
        if (number > last)
            return number - last > Round / 2 ? 0 : (long)(number - last - 1);
        ulong step = Round - last + number;
        return last <= Round && step <= Round / 2 ? (long)(step - 1) : 0;
    }
}

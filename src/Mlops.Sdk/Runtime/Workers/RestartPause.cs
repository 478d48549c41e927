namespace Mlops.Runtime.Workers;

/// <summary>How long to wait before a worker that ended is started again: not at all, then from 250 ms twice as long each time, up to 30 s.</summary>
internal sealed class RestartPause(TimeProvider time)
{
    private const int MostDoublings = 16;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>Gets the moment of the next start.</summary>
    public DateTimeOffset NotBefore { get; private set; }

    /// <summary>Gets how often in a row it ended.</summary>
    public int Ends { get; private set; }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = NotBefore - time.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Notes an end. The first restart is at once: most ends come of a single record, or of the system's want of memory.</summary>
    public void Lengthen()
    {
        TimeSpan pause = Ends == 0 ? TimeSpan.Zero : s_first * Math.Pow(2, Math.Min(Ends - 1, MostDoublings));
        NotBefore = time.GetUtcNow() + (pause < s_longest ? pause : s_longest);
        Ends++;
    }

    /// <summary>Notes that it works.</summary>
    public void Reset() => Ends = 0;
}

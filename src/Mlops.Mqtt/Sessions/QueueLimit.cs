namespace Mlops.Mqtt.Sessions;

/// <summary>How much a queue holds, and whether it has room for more; not thread-safe.</summary>
/// <param name="maxCount">The most messages that wait or are in flight.</param>
/// <param name="maxBytes">The most bytes that they take together; a single larger message still has room.</param>
internal sealed class QueueLimit(int maxCount, long maxBytes)
{
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Whether a message has room; <paramref name="extra"/> raises the limit of messages and lifts that of bytes.</summary>
    public bool HasRoom(int length, int extra = 0) =>
        Count < maxCount + extra && (extra > 0 || Count == 0 || Bytes + length <= maxBytes);

    public void Enter(int length)
    {
        Count++;
        Bytes += length;
    }

    public void Leave(int length)
    {
        Count--;
        Bytes -= length;
    }

    /// <summary>A message keeps its place and gives its content up.</summary>
    public void LeaveContent(int length) => Bytes -= length;

    public void Clear()
    {
        Count = 0;
        Bytes = 0;
    }
}

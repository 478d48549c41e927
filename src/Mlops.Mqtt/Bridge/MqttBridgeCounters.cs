namespace Mlops.Mqtt;

/// <summary>What a bridge has done since it was created. Each value rises only, and may be read at any time.</summary>
public sealed class MqttBridgeCounters
{
    private long passedOut, passedIn, turnedBack, failed;

    /// <summary>Gets the messages taken from the local broker and given to the remote one or kept for it.</summary>
    public long PassedOut => Volatile.Read(ref passedOut);

    /// <summary>Gets the messages taken from the remote broker and given to the local one or kept for it.</summary>
    public long PassedIn => Volatile.Read(ref passedIn);

    /// <summary>Gets the messages that were not passed on because they have passed this bridge, or too many others, before.</summary>
    public long TurnedBack => Volatile.Read(ref turnedBack);

    /// <summary>Gets the messages that the other side would not take; what was not acknowledged comes again with the next connection.</summary>
    public long Failed => Volatile.Read(ref failed);

    internal void CountPassed(bool outward) => Interlocked.Increment(ref outward ? ref passedOut : ref passedIn);

    internal void CountTurnedBack() => Interlocked.Increment(ref turnedBack);

    internal void CountFailed() => Interlocked.Increment(ref failed);
}

namespace Mlops.Messaging;

/// <summary>One message as a subscriber sees it. Valid only during the handler's call.</summary>
public readonly ref struct BusMessage
{
    /// <summary>Gets the topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Gets the payload; copy what must outlive the call.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Gets a value indicating whether the broker had kept the message.</summary>
    public bool Retained { get; init; }

    /// <summary>Gets the monotonic tick (<see cref="System.Diagnostics.Stopwatch"/>) at which the bytes were read from the socket.</summary>
    public long Arrival { get; init; }

    /// <summary>Gets a value indicating whether more bytes of the same connection are already at hand, so that another message most likely follows at once.</summary>
    public bool MoreFollows { get; init; }

    /// <summary>Gets what tells the sender that the message is safe. Whoever takes a message completes it exactly once, later and on any thread.</summary>
    public BusAcknowledgement Acknowledgement { get; init; }
}

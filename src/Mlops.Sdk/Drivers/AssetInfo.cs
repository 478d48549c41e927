namespace Mlops.Drivers;

/// <summary>An asset and how well its driver reaches it.</summary>
/// <param name="Id">Id of the asset.</param>
/// <param name="Kind">Kind of its driver.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, and what helps; <see langword="null"/> when there is nothing to say.</param>
/// <param name="Since">Since when it is in this state.</param>
/// <param name="Feeds">Ids of the feeds that its driver has declared.</param>
public sealed record AssetInfo(string Id, string Kind, DriverState State, string? Reason, DateTimeOffset Since, IReadOnlyList<string> Feeds)
{
    /// <summary>Gets the number of records that its driver has written since the node started.</summary>
    public long Records { get; init; }

    /// <summary>Gets the number of records that its driver has handed over and that are not durable yet.</summary>
    public long Waiting { get; init; }

    /// <summary>Gets how often its driver had to wait because it reads faster than records can be kept.</summary>
    public long HeldBack { get; init; }

    /// <summary>Gets for how long its driver has waited in all because it reads faster than records can be kept.</summary>
    public TimeSpan HeldBackTime { get; init; }

    /// <summary>Gets the size of the records that its driver has written since the node started, in memory: bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets how often its driver has reported something wrong: <see cref="DriverState.Degraded"/> or <see cref="DriverState.Faulted"/> with another reason than before.</summary>
    public long Errors { get; init; }

    /// <summary>Gets how often its driver has reached the asset again after having lost it.</summary>
    public long Reconnects { get; init; }

    /// <summary>Gets for how long it has been in each state since the node started, the present one included; without states that it was never in.</summary>
    public IReadOnlyDictionary<DriverState, TimeSpan> TimeInState { get; init; } = new Dictionary<DriverState, TimeSpan>();

    /// <summary>Gets how often its driver was started again after a failure.</summary>
    public long Restarts { get; init; }

    /// <summary>Gets when its last record became durable; <see langword="null"/> when none has since the node started.</summary>
    public DateTimeOffset? LastRecord { get; init; }
}

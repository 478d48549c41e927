namespace Mlops.Drivers;

/// <summary>What is known of one asset now, and what states it was in. Thread-safe; bounded, whatever a driver reports.</summary>
internal sealed class AssetStatus(string id, string kind, int historyLength, TimeProvider time)
{
    private const int MaxReason = 1000;
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Queue<AssetStateEntry> _history = new();
    private AssetInfo _info = new(id, kind, DriverState.Connecting, null, time.GetUtcNow(), []);
    private readonly TimeSpan[] _inState = new TimeSpan[Enum.GetValues<DriverState>().Length];
    private long _inStateSince = time.GetTimestamp();
    private bool _wasReached;
    private long? _loggedAt;
    private int _unlogged;

    public AssetInfo Info
    {
        get
        {
            lock (_lock)
                return _info with { TimeInState = TimeInState() };
        }
    }

    public IReadOnlyList<AssetStateEntry> History
    {
        get
        {
            lock (_lock)
                return [.. _history];
        }
    }

    /// <summary>Takes a report.</summary>
    /// <param name="state">The state.</param>
    /// <param name="reason">Why.</param>
    /// <param name="unlogged">How many reports before this one were not to be logged.</param>
    /// <returns>Whether it is to be logged: it says something new, and not more often than once a second.</returns>
    public bool Report(DriverState state, string? reason, out int unlogged)
    {
        if (reason?.Length > MaxReason)
            reason = reason[..MaxReason] + "…";
        lock (_lock)
        {
            unlogged = _unlogged;
            if (_history.Count > 0 && _info.State == state && _info.Reason == reason)
                return false;
            DateTimeOffset now = time.GetUtcNow();
            _inState[(int)_info.State] += time.GetElapsedTime(_inStateSince);
            _inStateSince = time.GetTimestamp();
            bool isReached = state is DriverState.Connected or DriverState.Degraded;
            bool isAgain = isReached && _wasReached && _info.State is not (DriverState.Connected or DriverState.Degraded);
            _wasReached |= isReached;
            _info = _info with
            {
                State = state,
                Reason = reason,
                Since = _info.State == state ? _info.Since : now,
                Errors = _info.Errors + (state is DriverState.Degraded or DriverState.Faulted ? 1 : 0),
                Reconnects = _info.Reconnects + (isAgain ? 1 : 0),
            };
            _history.Enqueue(new AssetStateEntry(now, state, reason));
            if (_history.Count > historyLength)
                _history.Dequeue();

            // The end of a run is always told, and so is the first report.
            bool due = _loggedAt is null || state == DriverState.Stopped || time.GetElapsedTime(_loggedAt.Value) >= LogInterval;
            (_loggedAt, _unlogged) = due ? (time.GetTimestamp(), 0) : (_loggedAt, _unlogged + 1);
            return due;
        }
    }

    public void Declared(string feed)
    {
        lock (_lock)
        {
            if (!_info.Feeds.Contains(feed))
                _info = _info with { Feeds = [.. _info.Feeds.Append(feed).Order(StringComparer.Ordinal)] };
        }
    }

    public void Restarted()
    {
        lock (_lock)
            _info = _info with { Restarts = _info.Restarts + 1 };
    }

    public void Written(int records, long bytes)
    {
        lock (_lock)
            _info = _info with { Records = _info.Records + records, Bytes = _info.Bytes + bytes, LastRecord = time.GetUtcNow() };
    }

    public void Queued(long waiting)
    {
        lock (_lock)
            _info = _info with { Waiting = waiting };
    }

    public void HeldBack(TimeSpan waited)
    {
        lock (_lock)
            _info = _info with { HeldBack = _info.HeldBack + 1, HeldBackTime = _info.HeldBackTime + waited };
    }

    private Dictionary<DriverState, TimeSpan> TimeInState()
    {
        var times = new Dictionary<DriverState, TimeSpan>();
        foreach (DriverState state in Enum.GetValues<DriverState>())
        {
            TimeSpan spent = _inState[(int)state] + (state == _info.State ? time.GetElapsedTime(_inStateSince) : TimeSpan.Zero);
            if (spent > TimeSpan.Zero)
                times.Add(state, spent);
        }

        return times;
    }
}

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Counts what a feed misses, and tells it in words. Thread-safe.</summary>
internal sealed class GapCounts(OpcUaInstruments instruments, string asset, TimeProvider time)
{
    // So long the state says that something was missed.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly KeyValuePair<string, object?> _tag = new("asset", asset);
    private long _lost;
    private long _overflows;
    private long _misfits;
    private string? _overflowNode;
    private string? _misfitNode;
    private long? _lostAt;
    private long? _overflowAt;
    private long? _misfitAt;

    /// <summary>Counts messages of the server that are gone for good.</summary>
    public void Lose(long messages)
    {
        instruments.LostMessages.Add(messages, _tag);
        lock (_gate)
            (_lost, _lostAt) = (_lost + messages, time.GetTimestamp());
    }

    /// <summary>Counts a full queue of a node: the server has given up values.</summary>
    public void Overflow(string node)
    {
        instruments.Overflows.Add(1, _tag);
        lock (_gate)
            (_overflows, _overflowNode, _overflowAt) = (_overflows + 1, node, time.GetTimestamp());
    }

    /// <summary>Counts a value that its column cannot hold.</summary>
    public void Misfit(string node)
    {
        instruments.Misfits.Add(1, _tag);
        lock (_gate)
            (_misfits, _misfitNode, _misfitAt) = (_misfits + 1, node, time.GetTimestamp());
    }

    public void Received(int values) => instruments.Values.Add(values, _tag);

    /// <summary>Returns what was missed in the last minute, with the sums since the start; null when nothing was.</summary>
    public string? Describe()
    {
        lock (_gate)
        {
            var parts = new List<string>();
            if (IsFresh(_lostAt))
                parts.Add($"{_lost} messages of the server were lost while it could not be reached; a longer 'sessionTimeout' or 'queue' lets it keep more, or 'history' fetches them.");
            if (IsFresh(_overflowAt))
                parts.Add($"the server's queue was full {_overflows} times, last for '{_overflowNode}', and values were given up; raise 'queue' or shorten 'interval'.");
            if (IsFresh(_misfitAt))
                parts.Add($"{_misfits} values were of another type than their columns, last of '{_misfitNode}', and are empty; see what the server sends there.");
            return parts.Count == 0 ? null : string.Join(" Also ", parts);
        }
    }

    private bool IsFresh(long? at) => at is { } timestamp && time.GetElapsedTime(timestamp) < Fresh;
}

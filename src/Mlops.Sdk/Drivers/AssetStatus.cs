namespace Mlops.Drivers;

/// <summary>What is known of one asset now. Thread-safe.</summary>
internal sealed class AssetStatus(string id, string kind, TimeProvider time)
{
    private readonly Lock _lock = new();
    private AssetInfo _info = new(id, kind, DriverState.Connecting, null, time.GetUtcNow(), []);

    public AssetInfo Info
    {
        get
        {
            lock (_lock)
                return _info;
        }
    }

    /// <summary>Takes a report.</summary>
    /// <returns>Whether it says something new.</returns>
    public bool Report(DriverState state, string? reason)
    {
        lock (_lock)
        {
            if (_info.State == state && _info.Reason == reason)
                return false;
            _info = _info with { State = state, Reason = reason, Since = _info.State == state ? _info.Since : time.GetUtcNow() };
            return true;
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
}

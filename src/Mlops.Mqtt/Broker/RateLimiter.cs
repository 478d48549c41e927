namespace Mlops.Mqtt.Broker;

/// <summary>Lets each key do something so many times at once and then so often a second: a bucket of tokens for each. Thread-safe.</summary>
internal sealed class RateLimiter<TKey>(double perSecond, int burst, TimeProvider time)
    where TKey : notnull
{
    /// <summary>The most keys that are remembered; a flood from more addresses than these is nothing that counting by address could stop.</summary>
    private const int MaxKeys = 16_384;

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Bucket> buckets = [];

    public bool TryTake(TKey key) => TryTake(key, out _);

    /// <param name="key">The key.</param>
    /// <param name="isLast">Whether nothing is left now.</param>
    public bool TryTake(TKey key, out bool isLast)
    {
        lock (gate)
        {
            double tokens = Filled(key);
            if (tokens >= 1)
                buckets[key] = new Bucket(tokens - 1, time.GetTimestamp());
            isLast = tokens is >= 1 and < 2;
            return tokens >= 1;
        }
    }

    /// <summary>Tells whether the key could take.</summary>
    public bool HasRoom(TKey key)
    {
        lock (gate)
            return Filled(key) >= 1;
    }

    private double Filled(TKey key)
    {
        if (buckets.TryGetValue(key, out var bucket))
            return Filled(bucket);
        if (buckets.Count >= MaxKeys)
            MakeRoom();
        return burst;
    }

    private double Filled(Bucket bucket) => Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At).TotalSeconds * perSecond));

    private void MakeRoom()
    {
        foreach (var (key, bucket) in buckets)
        {
            if (Filled(bucket) >= burst)
                buckets.Remove(key);
        }

        if (buckets.Count >= MaxKeys)
            buckets.Clear();
    }

    private readonly record struct Bucket(double Tokens, long At);
}

using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace Mlops.Web.Security;

/// <summary>Counts wrong passwords and tokens by address, so that nobody can try many. Thread-safe.</summary>
internal sealed class FailureThrottle(IOptions<WebOptions> options, TimeProvider time)
{
    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Failures> _addresses = new(StringComparer.Ordinal);

    /// <summary>Returns how long an address has to wait; <see langword="null"/> when it may try.</summary>
    public TimeSpan? Wait(IPAddress? address)
    {
        if (!_addresses.TryGetValue(Key(address), out Failures? failures))
            return null;
        TimeSpan left = failures.Began + Window - time.GetUtcNow();
        return left > TimeSpan.Zero && Volatile.Read(ref failures.Count) >= options.Value.FailuresPerMinute ? left : null;
    }

    public void Count(IPAddress? address)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_addresses.Count >= MaxAddresses)
        {
            foreach (string old in _addresses.Where(a => a.Value.Began + Window <= now).Select(a => a.Key))
                _addresses.TryRemove(old, out _);
            if (_addresses.Count >= MaxAddresses)
                _addresses.Clear();
        }

        Failures failures = _addresses.AddOrUpdate(Key(address), _ => new Failures(now), (_, f) => f.Began + Window <= now ? new Failures(now) : f);
        Interlocked.Increment(ref failures.Count);
    }

    // A customer of an IPv6 provider has a whole /64.
    private static string Key(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        byte[] bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, Math.Min(8, bytes.Length)));
    }

    private sealed class Failures(DateTimeOffset began)
    {
        public readonly DateTimeOffset Began = began;
        public int Count;
    }
}

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A clock that also moves when told to; timers keep to the system's clock.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long ahead;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref ahead);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromSeconds((double)Interlocked.Read(ref ahead) / TimestampFrequency);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, (long)(by.TotalSeconds * TimestampFrequency));
}

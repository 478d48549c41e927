namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A clock that stands until it is set.</summary>
internal sealed class SetTime : TimeProvider
{
    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}

using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>Turns timestamps of the monotonic clock, which ends with the process, into milliseconds since 1970 and back.</summary>
internal sealed class WallClock(TimeProvider time)
{
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Gives null for what never comes.</summary>
    public long? ToWall(long timestamp) => timestamp == MessageClock.Never
        ? null
        : Now + (long)((timestamp - time.GetTimestamp()) * 1000.0 / time.TimestampFrequency);

    public long ToTimestamp(long? wall) => wall is { } milliseconds
        ? time.GetTimestamp() + (long)((milliseconds - Now) / 1000.0 * time.TimestampFrequency)
        : MessageClock.Never;
}

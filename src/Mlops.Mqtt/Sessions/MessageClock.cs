namespace Mlops.Mqtt.Sessions;

/// <summary>Counts down the expiry of messages (MQTT 5, section 3.3.2.3.3) on the monotonic clock of the time provider.</summary>
internal static class MessageClock
{
    /// <summary>Stands for a message that never expires.</summary>
    public const long Never = long.MaxValue;

    public static long ExpiresAt(TimeProvider time, uint? seconds) =>
        seconds is { } some ? time.GetTimestamp() + (some * time.TimestampFrequency) : Never;

    public static bool IsExpired(TimeProvider time, long expiresAt) => expiresAt != Never && time.GetTimestamp() >= expiresAt;

    /// <summary>Gives the whole seconds that are left, begun ones included; null for a message that never expires.</summary>
    public static uint? Left(TimeProvider time, long expiresAt)
    {
        if (expiresAt == Never)
            return null;
        long left = expiresAt - time.GetTimestamp();
        return left <= 0 ? 0 : (uint)Math.Min(uint.MaxValue, (left + time.TimestampFrequency - 1) / time.TimestampFrequency);
    }
}

namespace Mlops.Prediction.Retraining;

/// <summary>Times at which a trigger fires: either by the calendar or at intervals. Times that pass while the host is down, or a retraining runs, count once.</summary>
public sealed record TriggerSchedule
{
    /// <summary>Gets a cron expression: minute, hour, day of month, month, day of week; six fields begin with the second. <c>0 3 * * *</c> is every night at three.</summary>
    public string? Cron { get; init; }

    /// <summary>Gets the time zone of <see cref="Cron"/>, an IANA or Windows name; <see langword="null"/> for UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Gets the interval, counted from when the trigger was added, enabled or last fired.</summary>
    public TimeSpan? Every { get; init; }
}

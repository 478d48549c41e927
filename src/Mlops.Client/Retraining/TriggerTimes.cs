namespace Mlops.Client;

/// <summary>Times at which a trigger fires: by the calendar or at intervals.</summary>
/// <param name="Cron">Minute, hour, day of month, month, day of week; <c>0 3 * * *</c> is every night at three.</param>
/// <param name="TimeZone">The time zone of the calendar, for example <c>Europe/Vienna</c>; UTC where nothing is said.</param>
/// <param name="Every">The interval.</param>
public sealed record TriggerTimes(string? Cron = null, string? TimeZone = null, TimeSpan? Every = null);

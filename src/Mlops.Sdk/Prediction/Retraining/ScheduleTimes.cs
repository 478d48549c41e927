using Cronos;

namespace Mlops.Prediction.Retraining;

/// <summary>Tells when schedules fall due.</summary>
internal static class ScheduleTimes
{
    private const int FieldsWithSeconds = 6;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Returns the first time after one; <see langword="null"/> when there is no schedule, or it never falls due again.</summary>
    public static DateTimeOffset? Next(TriggerSchedule? schedule, DateTimeOffset after) => schedule switch
    {
        null => null,
        { Every: { } every } => after + every,
        _ => Cron(schedule.Cron!).GetNextOccurrence(after, Zone(schedule.TimeZone))?.ToUniversalTime(),
    };

    /// <summary>Adds what is wrong with a schedule.</summary>
    public static void Check(TriggerSchedule schedule, DateTimeOffset now, List<string> problems)
    {
        if ((schedule.Cron is null) == (schedule.Every is null))
            problems.Add("The schedule has " + (schedule.Cron is null ? "neither a cron expression nor an interval" : "both a cron expression and an interval") + ". Give one of them.");
        else if (schedule.Every < Shortest)
            problems.Add($"The schedule's interval is {schedule.Every}. Give {Shortest} or longer.");
        else if (schedule.Cron is not null)
            CheckCron(schedule, now, problems);
    }

    private static void CheckCron(TriggerSchedule schedule, DateTimeOffset now, List<string> problems)
    {
        try
        {
            if (Next(schedule, now) is null)
                problems.Add($"The cron expression '{schedule.Cron}' never falls due. Correct its day and month.");
        }
        catch (CronFormatException e)
        {
            problems.Add($"The cron expression '{schedule.Cron}' cannot be read: {e.Message.TrimEnd('.')}. Give minute, hour, day of month, month and day of week, such as '0 3 * * *' for every night at three.");
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            problems.Add($"The time zone '{schedule.TimeZone}' is not known on this machine. Give a name such as 'Europe/Vienna', or leave it out for UTC.");
        }
    }

    private static CronExpression Cron(string text) => CronExpression.Parse(
        text, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == FieldsWithSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard);

    private static TimeZoneInfo Zone(string? name) => name is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(name);
}

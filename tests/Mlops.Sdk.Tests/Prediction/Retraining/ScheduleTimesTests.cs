using System.Globalization;
using Mlops.Prediction.Retraining;

namespace Mlops.Tests.Prediction.Retraining;

public class ScheduleTimesTests
{
    [Theory]
    [InlineData("0 3 * * *", null, "2026-03-28T03:00:00Z", "2026-03-29T03:00:00Z")]
    [InlineData("0 3 * * *", "Europe/Vienna", "2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("30 2 * * *", "Europe/Vienna", "2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("*/15 8-17 * * MON-FRI", null, "2026-03-27T17:45:00Z", "2026-03-30T08:00:00Z")]
    [InlineData("10 0 3 * * *", null, "2026-03-28T03:00:00Z", "2026-03-28T03:00:10Z")]
    [InlineData("0 0 29 2 *", null, "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    public void Next_OfCron_IsTheFirstTimeAfter(string cron, string? zone, string after, string expected) =>
        ScheduleTimes.Next(new TriggerSchedule { Cron = cron, TimeZone = zone }, At(after)).ShouldBe(At(expected));

    [Fact]
    public void Next_OfInterval_IsThatMuchLater() =>
        ScheduleTimes.Next(new TriggerSchedule { Every = TimeSpan.FromHours(6) }, At("2026-03-28T03:00:00Z")).ShouldBe(At("2026-03-28T09:00:00Z"));

    [Theory]
    [InlineData(null, null, null, "neither a cron expression nor an interval")]
    [InlineData("0 3 * * *", null, 60, "both")]
    [InlineData(null, null, 0, "interval is 00:00:00")]
    [InlineData("0 25 * * *", null, null, "cannot be read")]
    [InlineData("every night", null, null, "'0 3 * * *'")]
    [InlineData("0 0 31 2 *", null, null, "never falls due")]
    [InlineData("0 3 * * *", "Europe/Wien", null, "'Europe/Wien' is not known")]
    public void Check_WhatCannotBe_SaysWhyAndWhatHelps(string? cron, string? zone, int? seconds, string reason)
    {
        var problems = new List<string>();
        ScheduleTimes.Check(new TriggerSchedule { Cron = cron, TimeZone = zone, Every = seconds is { } s ? TimeSpan.FromSeconds(s) : null }, At("2026-03-28T03:00:00Z"), problems);
        problems.ShouldHaveSingleItem().ShouldContain(reason);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

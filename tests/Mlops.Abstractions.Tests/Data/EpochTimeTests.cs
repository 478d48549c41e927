using Mlops.Data;

namespace Mlops.Tests.Data;

public class EpochTimeTests
{
    [Fact]
    public void FromDateTimeOffset_LocalTime_GivesNanosecondsOfUtc() =>
        EpochTime.FromDateTimeOffset(new DateTimeOffset(1970, 1, 1, 2, 0, 0, TimeSpan.FromHours(1))).ShouldBe(3_600_000_000_000);

    [Fact]
    public void ToDateTimeOffset_AfterFrom_GivesTheSameInstant()
    {
        var time = new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.Zero).AddTicks(1_234_567);
        EpochTime.ToDateTimeOffset(EpochTime.FromDateTimeOffset(time)).ShouldBe(time);
    }

    [Fact]
    public void FromDateTimeOffset_OutsideTheRange_Clamps()
    {
        EpochTime.FromDateTimeOffset(DateTimeOffset.MaxValue).ShouldBe(long.MaxValue);
        EpochTime.FromDateTimeOffset(DateTimeOffset.MinValue).ShouldBe(long.MinValue);
    }
}

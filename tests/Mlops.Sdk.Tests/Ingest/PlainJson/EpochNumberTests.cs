using Mlops.Ingest.PlainJson;

namespace Mlops.Tests.Ingest.PlainJson;

public sealed class EpochNumberTests
{
    [Theory]
    [InlineData(1_700_000_000, 1_700_000_000_000_000_000)]
    [InlineData(1_700_000_000_123, 1_700_000_000_123_000_000)]
    [InlineData(1_700_000_000_123_456, 1_700_000_000_123_456_000)]
    [InlineData(1_700_000_000_123_456_789, 1_700_000_000_123_456_789)]
    [InlineData(-5, -5_000_000_000)]
    public void TryRead_Integer_TellsTheUnitBySize(long number, long expected)
    {
        EpochNumber.TryRead(number, out long nanoseconds).ShouldBeTrue();
        nanoseconds.ShouldBe(expected);
    }

    [Fact]
    public void TryRead_SecondsWithFraction_AreKept()
    {
        EpochNumber.TryRead(1.5, out long nanoseconds).ShouldBeTrue();
        nanoseconds.ShouldBe(1_500_000_000);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    [InlineData(99_999_999_999.0)]
    public void TryRead_OutOfRange_SaysSo(double number) => EpochNumber.TryRead(number, out _).ShouldBeFalse();
}

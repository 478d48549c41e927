using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Tests.Ingest;

public sealed class IsoTimeTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01", 0)]
    [InlineData("1970-01-01T00:00:00", 0)]
    [InlineData("1970-01-01 00:00:01.5", 1_500_000_000)]
    [InlineData("1970-01-01T00:00:00.1234567Z", 123_456_700)]
    [InlineData("1970-01-01T00:00:00.123456789Z", 123_456_789)]
    [InlineData("1970-01-01T00:00:00.1234567899999Z", 123_456_789)]
    [InlineData("1970-01-01T00:00:00,25z", 250_000_000)]
    [InlineData("1970-01-01T01:30Z", 5_400_000_000_000)]
    [InlineData("1970-01-01T01:00:00+01:00", 0)]
    [InlineData("1970-01-01T01:00:00+01", 0)]
    [InlineData("1969-12-31T18:30:00-0530", 0)]
    [InlineData("1969-12-31T23:59:59.9Z", -100_000_000)]
    [InlineData("2000-02-29T00:00:00Z", 951_782_400_000_000_000)]
    [InlineData("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000)]
    [InlineData("1970-01-01T24:00:00Z", 86_400_000_000_000)]
    public void TryParse_Instant_GivesNanoseconds(string text, long expected)
    {
        IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out long nanoseconds).ShouldBeTrue();
        nanoseconds.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1970")]
    [InlineData("1970-1-01")]
    [InlineData("1970-13-01")]
    [InlineData("1970-02-29")]
    [InlineData("1970-01-01X00:00:00")]
    [InlineData("1970-01-01T")]
    [InlineData("1970-01-01T25:00:00Z")]
    [InlineData("1970-01-01T24:00:01Z")]
    [InlineData("1970-01-01T00:60:00Z")]
    [InlineData("1970-01-01T00:00:61Z")]
    [InlineData("1970-01-01T00:00:00.Z")]
    [InlineData("1970-01-01T00:00:00+1")]
    [InlineData("1970-01-01T00:00:00+99:00")]
    [InlineData("1970-01-01T00:00:00Zx")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00−01:00")]
    public void TryParse_NotAnInstant_SaysSo(string text) =>
        IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void TryParse_RandomInstants_AgreesWithTheFramework()
    {
        var random = new Random(7);
        for (int i = 0; i < 5_000; i++)
        {
            var instant = new DateTimeOffset(random.NextInt64(new DateTime(1678, 1, 2).Ticks, new DateTime(2261, 12, 30).Ticks), TimeSpan.Zero);
            DateTimeOffset local = instant.ToOffset(TimeSpan.FromMinutes(random.Next(-14 * 60, 14 * 60)));
            string text = local.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);

            IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out long nanoseconds).ShouldBeTrue(text);

            nanoseconds.ShouldBe(EpochTime.FromDateTimeOffset(instant), text);
        }
    }

    [Fact]
    public void TryParse_MutatedText_NeverThrows()
    {
        var random = new Random(11);
        byte[] text = "2026-03-04T05:06:07.1234567+01:30"u8.ToArray();
        int understood = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutated = text[..random.Next(text.Length + 1)];
            for (int m = 0; m < 2 && mutated.Length > 0; m++)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            if (IsoTime.TryParse(mutated, out _) || IsoTime.TryParseTimeOfDay(mutated, out _))
                understood++;
        }

        understood.ShouldBeInRange(1, 10_000);
        IsoTime.TryParseTimeOfDay("12:34:56.789"u8, out long time).ShouldBeTrue();
        time.ShouldBe(45_296_789_000_000);
    }
}

using System.Globalization;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusTypeTests
{
    [Theory]
    [InlineData("Bool", "true", true)]
    [InlineData("Bool", "0", false)]
    [InlineData("Bool", "\"1\"", true)]
    [InlineData("Bool", "\"False\"", false)]
    [InlineData("Bool", "2", null)]
    [InlineData("SInt", "-128", -128L)]
    [InlineData("Int", "\"-32768\"", -32768L)]
    [InlineData("DInt", "5.0", 5L)]
    [InlineData("DInt", "5.5", null)]
    [InlineData("LInt", "\"-9223372036854775808\"", long.MinValue)]
    [InlineData("LInt", "9007199254740993", 9007199254740993L)]
    [InlineData("LInt", "\"9223372036854775808\"", null)]
    [InlineData("UDInt", "4294967295", 4294967295L)]
    [InlineData("Byte", "\"255\"", 255L)]
    [InlineData("ULInt", "\"18446744073709551615\"", ulong.MaxValue)]
    [InlineData("LWord", "7", 7UL)]
    [InlineData("LWord", "-7", null)]
    [InlineData("Real", "0.1327", 0.1327)]
    [InlineData("LReal", "\"1.5e3\"", 1500.0)]
    [InlineData("LReal", "\"NaN\"", double.NaN)]
    [InlineData("Real", "\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("LReal", "1e400", null)]
    [InlineData("LReal", "\"1e400\"", null)]
    [InlineData("LReal", "\"warm\"", null)]
    [InlineData("LReal", "[2.5]", 2.5)]
    [InlineData("LReal", "[2.5,3]", null)]
    [InlineData("LReal", "[]", null)]
    [InlineData("LReal", "[[1],2]", null)]
    [InlineData("LReal", "{\"v\":1}", null)]
    [InlineData("Char", "\"A\"", "A")]
    [InlineData("String", "\"gr\\u00fc\\u00df\\n\"", "grüß\n")]
    [InlineData("String", "5", "5")]
    [InlineData("String", "\"\\ud800\"", null)]
    [InlineData("Struct", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("Time", "1500", 1_500_000_000L)]
    [InlineData("LTime", "\"1500\"", 1500L)]
    [InlineData("Time", "9223372036854775807", null)]
    [InlineData("Time_Of_Day", "3600000", 3_600_000_000_000L)]
    [InlineData("Time_Of_Day", "\"01:00:00.5\"", 3_600_500_000_000L)]
    [InlineData("LTime_Of_Day", "\"3600000000000\"", 3_600_000_000_000L)]
    [InlineData("Time_Of_Day", "\"noon\"", null)]
    public async Task Value_OfEachType_IsStoredOrBecomesNullAndBad(string dataType, string json, object? expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf(dataType));

        await node.SendAsync(Topic, $$"""{"seq":1,"vals":[{"id":"1","val":{{json}},"ts":"2026-01-01T00:00:00Z","qc":3}]}""");

        Dictionary<string, object?> row = node.Store.Rows(Feed).ShouldHaveSingleItem();
        row["p"].ShouldBe(expected);
        row["_quality"].ShouldBe(expected is null ? 0 : 3);
        node.Report.Misfits.ShouldBe(expected is null ? 1 : 0);
    }

    [Theory]
    [InlineData("Date", "\"2026-03-04\"", "2026-03-04T00:00:00Z")]
    [InlineData("DateTime", "\"2026-03-04T05:06:07.1234567Z\"", "2026-03-04T05:06:07.1234567Z")]
    [InlineData("DateTime", "\"2026-03-04T06:06:07+01:00\"", "2026-03-04T05:06:07Z")]
    public async Task Value_OfTimeType_IsAnInstant(string dataType, string json, string expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf(dataType));

        await node.SendAsync(Topic, $$"""{"vals":[{"id":"1","val":{{json}}}]}""");

        node.Store.Rows(Feed).ShouldHaveSingleItem()["p"].ShouldBe(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("Int", "[11,12,-3]", new[] { 11L, 12L, -3L })]
    [InlineData("Int", "[]", new long[0])]
    [InlineData("Int", "[7]", new[] { 7L })]
    [InlineData("Int", "7", new[] { 7L })]
    [InlineData("Int", "\"1| 2|3\"", new[] { 1L, 2L, 3L })]
    [InlineData("Int", "\"\"", new long[0])]
    [InlineData("Int", "[[1,2],[3,4]]", new[] { 1L, 2L, 3L, 4L })]
    [InlineData("Int", "[1,null]", null)]
    [InlineData("Int", "[1,\"x\",{\"a\":[2]}]", null)]
    [InlineData("Int", "{\"a\":1}", null)]
    [InlineData("Time", "[1,2]", new[] { 1_000_000L, 2_000_000L })]
    [InlineData("Real", "[1.5,null,\"NaN\"]", new[] { 1.5, double.NaN, double.NaN })]
    [InlineData("Real", "\"1.5|2\"", new[] { 1.5, 2.0 })]
    [InlineData("LWord", "[\"18446744073709551615\",0]", new[] { ulong.MaxValue, 0UL })]
    [InlineData("Bool", "[true,0,\"1\"]", new[] { true, false, true })]
    [InlineData("String", "[\"a|b\",\"gr\\u00fc\",\"\",5]", new[] { "a|b", "grü", "", "5" })]
    [InlineData("String", "\"a|b\"", new[] { "a|b" })]
    [InlineData("String", "[]", new string[0])]
    public async Task Value_OfArrayType_IsAList(string dataType, string json, object? expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, MetadataOf(dataType, valueRank: 1));

        await node.SendAsync(Topic, $$"""{"vals":[{"id":"1","val":{{json}}}]}""");

        Dictionary<string, object?> row = node.Store.Rows(Feed).ShouldHaveSingleItem();
        row["p"].ShouldBe(expected);
        row["_quality"].ShouldBe(expected is null ? 0 : 3);
    }
}

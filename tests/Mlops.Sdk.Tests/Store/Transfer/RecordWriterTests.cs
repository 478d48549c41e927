using System.Text;
using System.Text.Json.Nodes;
using Mlops.Data;
using Mlops.Store.AdHoc;
using Mlops.Store.Transfer;
using Mlops.Tests.Store.AdHoc;

namespace Mlops.Tests.Store.Transfer;

public class RecordWriterTests
{
    private static readonly FeedSchema Schema = new("f", [
        new("d", FieldType.Float64), new("t, \"x\"", FieldType.Text), new("u", FieldType.UInt64), new("i", FieldType.Int64), new("b", FieldType.Boolean), new("at", FieldType.Timestamp)]);

    [Fact]
    public async Task Csv_Extremes_AreQuotedAndExact()
    {
        (await WriteAsync(RecordFormat.Csv)).ShouldBe(
            "timestamp,d,\"t, \"\"x\"\"\",u,i,b,at\r\n"
            + "1970-01-01T00:00:01Z,0.1,\"a,\"\"b\"\"\nc\",18446744073709551615,-9223372036854775808,true,2024-02-29T23:59:59.123Z\r\n"
            + "1970-01-01T00:00:02Z,NaN,\"\",,,false,1969-12-31T23:59:58.5Z\r\n"
            + "1969-12-31T23:59:57Z,-Infinity,grün,,,,\r\n");
    }

    [Fact]
    public async Task Json_Extremes_AreValidJson()
    {
        JsonArray rows = JsonNode.Parse(await WriteAsync(RecordFormat.Json))!.AsArray();

        rows.Count.ShouldBe(3);
        rows[0]!.ToJsonString().ShouldBe(
            "{\"timestamp\":\"1970-01-01T00:00:01Z\",\"d\":0.1,\"t, \\u0022x\\u0022\":\"a,\\u0022b\\u0022\\nc\",\"u\":18446744073709551615,\"i\":-9223372036854775808,\"b\":true,\"at\":\"2024-02-29T23:59:59.123Z\"}");
        ((string?)rows[1]!["d"], (string?)rows[1]!["t, \"x\""], rows[1]!["u"], (bool)rows[1]!["b"]!).ShouldBe(("NaN", "", null, false));
        ((string?)rows[2]!["d"], (string?)rows[2]!["t, \"x\""]).ShouldBe(("-Infinity", "grün"));
    }

    [Theory]
    [InlineData(RecordFormat.Csv, "force,n\r\n10,1\r\n20,1\r\n30,1\r\n40,1\r\n")]
    [InlineData(RecordFormat.Json, "[{\"force\":10,\"n\":1},{\"force\":20,\"n\":1},{\"force\":30,\"n\":1},{\"force\":40,\"n\":1}]")]
    public async Task WriteAsync_ResultOfSql_HasItsColumnsOnly(RecordFormat format, string expected)
    {
        await using StoreNode node = await SqlQueriesTests.PressAsync();
        await using SqlResult result = await node.Get<ISqlQueries>().QueryAsync(new SqlQuery("SELECT force, count(*) AS n FROM \"plant.press\" GROUP BY ALL ORDER BY ALL"));
        using var stream = new MemoryStream();
        RecordWriter writer = RecordWriter.Create(format, stream, result.Schema, withTimestamp: false);

        await foreach (RecordBatch batch in result.ReadAsync())
        {
            using (batch)
                await writer.WriteAsync(batch);
        }

        await writer.FinishAsync();
        Encoding.UTF8.GetString(stream.ToArray()).ShouldBe(expected);
    }

    private static async Task<string> WriteAsync(RecordFormat format)
    {
        RecordBatchBuilder builder = StoreNode.Fill(
            Schema,
            (1, [0.1, "a,\"b\"\nc", ulong.MaxValue, long.MinValue, true, DateTimeOffset.Parse("2024-02-29T23:59:59.123Z", null)]),
            (2, [double.NaN, "", null, null, false, DateTimeOffset.Parse("1969-12-31T23:59:58.5Z", null)]),
            (-3, [double.NegativeInfinity, "grün", null, null, null, null]));
        using RecordBatch batch = builder.Build();
        using var stream = new MemoryStream();
        RecordWriter writer = RecordWriter.Create(format, stream, Schema, withTimestamp: true);
        await writer.WriteAsync(batch);
        await writer.FinishAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

using System.Globalization;
using System.Text;
using Mlops.Databus;
using Mlops.Messaging;
using Mlops.Tests.Store;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

/// <summary>What an app publishes is what the real store gives back, out of its log and out of its files.</summary>
public sealed class DatabusRoundTripTests : IDisposable
{
    private readonly string _folder = BrokerNode.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string[], object?[]> Types => new()
    {
        { "Bool", ["true", "false"], [true, false] },
        { "Byte", ["0", "255"], [0L, 255L] },
        { "Word", ["0", "65535"], [0L, 65535L] },
        { "DWord", ["0", "4294967295"], [0L, 4294967295L] },
        { "LWord", ["\"0\"", "\"18446744073709551615\""], [0UL, ulong.MaxValue] },
        { "SInt", ["-128", "127"], [-128L, 127L] },
        { "USInt", ["0", "255"], [0L, 255L] },
        { "Int", ["-32768", "32767"], [-32768L, 32767L] },
        { "UInt", ["0", "65535"], [0L, 65535L] },
        { "DInt", ["-2147483648", "2147483647"], [-2147483648L, 2147483647L] },
        { "UDInt", ["0", "4294967295"], [0L, 4294967295L] },
        { "LInt", ["\"-9223372036854775808\"", "\"9223372036854775807\""], [long.MinValue, long.MaxValue] },
        { "ULInt", ["\"0\"", "\"18446744073709551615\""], [0UL, ulong.MaxValue] },
        { "Real", ["3.4028235e38", "1e-45", "-0.0", "\"NaN\""], [3.4028235e38, 1e-45, -0.0, double.NaN] },
        { "LReal", ["1.7976931348623157e308", "5e-324", "\"-Infinity\"", "0.1"], [double.MaxValue, double.Epsilon, double.NegativeInfinity, 0.1] },
        { "Char", ["\"A\"", "\"\\u00fc\""], ["A", "ü"] },
        { "String", ["\"\"", "\"日本 \\ud83d\\ude00 \\u0000 \\\" '\""], ["", "日本 😀 \0 \" '"] },
        { "Time", ["-9223372036854", "2147483647"], [-9223372036854000000L, 2147483647000000L] },
        { "LTime", ["\"-9223372036854775808\"", "\"9223372036854775807\""], [long.MinValue, long.MaxValue] },
        { "Date", ["\"1990-01-01\"", "\"2168-12-31\""], [Utc(1990, 1, 1), Utc(2168, 12, 31)] },
        { "DateTime", ["\"1700-01-01T00:00:00Z\"", "\"2261-12-31T23:59:59.1234567+00:00\""], [Utc(1700, 1, 1), Utc(2262, 1, 1).AddTicks(-8_765_433)] },
        { "Time_Of_Day", ["0", "86399999"], [0L, 86_399_999_000_000L] },
        { "LTime_Of_Day", ["\"0\"", "\"86399999999999\""], [0L, 86_399_999_999_999L] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Type_ExtremesNullsAndArrays_ComeBackFromLogAndFiles(string dataType, string[] json, object?[] expected)
    {
        string all = string.Join(',', json);
        await using (BrokerNode node = await BrokerNode.StartAsync(_folder))
        {
            await SendAsync(node, MetadataTopic, $$"""
                {"hashVersion":1,"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[
                  {"name":"p","id":"1","dataType":"{{dataType}}"},{"name":"list","id":"2","dataType":"{{dataType}}","valueRank":1,"arrayDimensions":[0]}]}]}]}
                """);
            foreach (string value in json)
                await SendAsync(node, Topic, $$"""{"vals":[{"id":"1","val":{{value}}},{"id":"2","val":[{{value}}]}]}""");
            await SendAsync(node, Topic, $$"""{"vals":[{"id":"1","val":null},{"id":"2","val":[]}]}""");
            await SendAsync(node, Topic, $$"""{"vals":[{"id":"2","val":[{{all}}]},{"id":"1","val":null}]}""");
            Check(await node.RowsAsync(Feed));
        }

        await using BrokerNode again = await BrokerNode.StartAsync(_folder);
        Directory.EnumerateFiles(Path.Combine(_folder, "feeds"), "*.parquet", SearchOption.AllDirectories).ShouldNotBeEmpty();
        Check(await again.RowsAsync(Feed));

        void Check(List<Row> rows)
        {
            rows.Count.ShouldBe(json.Length + 2);
            for (int i = 0; i < json.Length; i++)
            {
                rows[i][0].ShouldBe(expected[i]);
                rows[i][1].ShouldBe(Array([expected[i]]));
            }

            rows[json.Length].Values.ShouldBe([null, Array([], expected[0]!)]);
            rows[json.Length + 1].Values.ShouldBe([null, Array(expected)]);
        }
    }

    [Fact]
    public async Task Names_OfAllKinds_KeepTheirValuesApart()
    {
        string[] names = ["a/b", "a.b", "a\"b", "a'b", "Value", "value", "VALUE", "größe", "_position", "select", " ", "a,b;c", "日本"];
        string definitions = string.Join(',', names.Select((n, i) => string.Create(CultureInfo.InvariantCulture, $$"""{"name":{{System.Text.Json.JsonSerializer.Serialize(n)}},"id":"{{i}}","dataType":"Int"}""")));
        string values = string.Join(',', names.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{i}}","val":{{i}}}""")));
        await using (BrokerNode node = await BrokerNode.StartAsync(_folder))
        {
            await SendAsync(node, MetadataTopic, $$"""{"hashVersion":1,"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{{definitions}}]}]}]}""");
            await SendAsync(node, Topic, $$"""{"vals":[{{values}}]}""");
            Check(await node.RowsAsync(Feed), node);
        }

        await using BrokerNode again = await BrokerNode.StartAsync(_folder);
        Check(await again.RowsAsync(Feed), again);

        void Check(List<Row> rows, BrokerNode node)
        {
            node.Get<Mlops.Store.IFeedReader>().Find(Feed)!.Fields.Select(f => f.Name).ShouldBe(names);
            rows.ShouldHaveSingleItem().Values.ShouldBe(Enumerable.Range(0, names.Length).Select(i => (object)(long)i));
        }
    }

    [Fact]
    public async Task Metadata_GivesADataPointAnotherName_ItsRecordsStayWithIt()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder);
        foreach ((int version, string name) in new[] { (1, "temp"), (2, "temperature") })
        {
            await SendAsync(node, MetadataTopic, string.Create(CultureInfo.InvariantCulture, $$"""
                {"hashVersion":{{version}},"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{"name":"{{name}}","id":"t1","dataType":"Int"},{"name":"other","id":"o1","dataType":"Int"}]}]}]}
                """));
            await SendAsync(node, Topic, string.Create(CultureInfo.InvariantCulture, $$"""{"mdHashVer":{{version}},"vals":[{"id":"t1","val":{{version}}},{"id":"o1","val":0}]}"""));
        }

        node.Get<Mlops.Store.IFeedReader>().Find(Feed)!.Fields.Select(f => f.Name).ShouldBe(["temperature", "other"]);
        (await node.RowsAsync(Feed)).Select(r => r[0]).ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task Value_OfTheVersionBeforeARename_ComesToTheSameColumnAlsoAfterARestart()
    {
        static string Of(int version, string name) => string.Create(CultureInfo.InvariantCulture, $$"""
            {"hashVersion":{{version}},"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{"name":"{{name}}","id":"t1","dataType":"Int"},{"name":"other","id":"o1","dataType":"Int"}]}]}]}
            """);
        const string Old = """{"mdHashVer":1,"vals":[{"id":"t1","val":7},{"id":"o1","val":0}]}""";
        await using (BrokerNode node = await BrokerNode.StartAsync(_folder))
        {
            await SendAsync(node, MetadataTopic, Of(1, "temp"));
            await SendAsync(node, MetadataTopic, Of(2, "temperature"));
            await SendAsync(node, Topic, Old);
        }

        await using BrokerNode again = await BrokerNode.StartAsync(_folder);
        await SendAsync(again, Topic, Old);
        await SendAsync(again, MetadataTopic, Of(2, "temperature"));
        await SendAsync(again, Topic, Old);

        again.Get<Mlops.Store.IFeedReader>().Find(Feed)!.Fields.Select(f => f.Name).ShouldBe(["temperature", "other"]);
        (await again.RowsAsync(Feed)).Select(r => r[0]).ShouldBe([7L, 7L, 7L]);
        again.Report.Misfits.ShouldBe(0);
    }

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static Array Array(object?[] elements) => Array(elements, elements[0]!);

    private static Array Array(object?[] elements, object like)
    {
        var array = System.Array.CreateInstance(like.GetType(), elements.Length);
        elements.CopyTo(array, 0);
        return array;
    }

    private static async Task SendAsync(BrokerNode node, string topic, string payload)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = node.Get<DatabusConsumer>();
        BusMessageHandler handler = consumer.HandlerOf(topic)!;
        await handler(new BusMessage
        {
            Topic = topic,
            Payload = Encoding.UTF8.GetBytes(payload),
            Acknowledgement = new BusAcknowledgement((_, _) => durable.TrySetResult(), null, 0),
        });
        await durable.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}

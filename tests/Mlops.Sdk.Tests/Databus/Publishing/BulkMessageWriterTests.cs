using System.Text.Json;
using Mlops.Data;
using Mlops.Databus.Publishing;

namespace Mlops.Tests.Databus.Publishing;

public sealed class BulkMessageWriterTests
{
    private static readonly FeedSchema Schema = new("answers", [new("label", FieldType.Text), new("score", FieldType.Float64), new("n", FieldType.Int64), new("model", FieldType.Text)]);

    [Fact]
    public void Write_Answer_CarriesSourceAtTopLevelAndValues()
    {
        using var writer = new BulkMessageWriter();
        using RecordBatch answers = Answer("ok", 0.75, long.MaxValue);

        JsonElement message = JsonDocument.Parse(writer.Write(5, 77, 1_700_000_000_123_456_700, new AnsweredRecord("press.plc.cycle", 42, 1_700_000_000_000_000_000, 9, 2), answers, 0, 4)).RootElement;

        message.GetProperty("seq").GetInt64().ShouldBe(5);
        message.GetProperty("mdHashVer").GetUInt32().ShouldBe(77u);
        message.GetProperty("ts").GetString().ShouldBe("2023-11-14T22:13:20.1234567Z");
        JsonElement source = message.GetProperty("source");
        source.GetProperty("feed").GetString().ShouldBe("press.plc.cycle");
        source.GetProperty("seq").GetInt64().ShouldBe(42);
        source.GetProperty("ts").GetString().ShouldBe("2023-11-14T22:13:20.0000000Z");
        source.GetProperty("row").GetInt64().ShouldBe(9);
        var values = message.GetProperty("vals").EnumerateArray().ToDictionary(v => v.GetProperty("id").GetString()!, v => v);
        values["label"].GetProperty("val").GetString().ShouldBe("ok");
        values["score"].GetProperty("val").GetDouble().ShouldBe(0.75);
        values["n"].GetProperty("val").GetString().ShouldBe("9223372036854775807");
        values["label"].GetProperty("qc").GetInt32().ShouldBe(2);
        values.ShouldNotContainKey("model");
    }

    [Fact]
    public void Write_AssetWithoutSequence_WritesNull()
    {
        using var writer = new BulkMessageWriter();
        using RecordBatch answers = Answer("ok", double.NaN, 1);

        JsonElement message = JsonDocument.Parse(writer.Write(1, 1, 0, new AnsweredRecord("f", RecordBatch.NoSequence, 0, 3, 3), answers, 0, 4)).RootElement;

        message.GetProperty("source").GetProperty("seq").ValueKind.ShouldBe(JsonValueKind.Null);
        message.GetProperty("vals")[1].GetProperty("val").GetString().ShouldBe("NaN");
    }

    [Fact]
    public void Detach_NextMessage_LeavesTheOneBeforeUntouched()
    {
        using var writer = new BulkMessageWriter();
        using RecordBatch answers = Answer("ok", 0.5, 1);
        ReadOnlyMemory<byte> first = writer.Write(1, 1, 0, new AnsweredRecord("f", 1, 0, 1, 3), answers, 0, 4);
        string before = System.Text.Encoding.UTF8.GetString(first.Span);
        writer.Detach();

        writer.Write(2, 1, 0, new AnsweredRecord("another-feed", 1, 0, 1, 3), answers, 0, 4);

        System.Text.Encoding.UTF8.GetString(first.Span).ShouldBe(before);
    }

    [Fact]
    public void Metadata_SameDefinitions_HaveTheSameHash()
    {
        var collection = new DatabusCollection("wf", "d-1", "topic", "write", [new("label", FieldType.Text)], [new("operator_label", FieldType.Text)]);

        (byte[] payload, uint hash) = DatabusMetadataWriter.Write("edge1", 1, "status", [collection]);
        (_, uint again) = DatabusMetadataWriter.Write("edge1", 2, "status", [collection with { }]);
        (_, uint other) = DatabusMetadataWriter.Write("edge1", 3, "status", [collection with { Name = "d-2" }]);

        again.ShouldBe(hash);
        other.ShouldNotBe(hash);
        JsonElement definition = JsonDocument.Parse(payload).RootElement.GetProperty("connections")[0].GetProperty("dataPoints")[0].GetProperty("dataPointDefinitions")[1];
        definition.GetProperty("accessMode").GetString().ShouldBe("w");
    }

    private static RecordBatch Answer(string label, double score, long n)
    {
        var builder = new RecordBatchBuilder(Schema);
        builder.BeginRow(0);
        builder.SetText(0, System.Text.Encoding.UTF8.GetBytes(label));
        builder.SetFloat64(1, score);
        builder.SetInt64(2, n);
        builder.EndRow();
        return builder.Build(1);
    }
}

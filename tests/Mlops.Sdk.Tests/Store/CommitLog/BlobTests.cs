using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;

namespace Mlops.Tests.Store.CommitLog;

public class BlobTests
{
    private static readonly FeedSchema Schema = new("f", [
        new("b", FieldType.Boolean), new("i", FieldType.Int64), new("u", FieldType.UInt64),
        new("d", FieldType.Float64), new("t", FieldType.Text), new("at", FieldType.Timestamp), new("same", FieldType.Text)]);

    private static readonly FeedRevision Revision = new(1, Schema, [.. Schema.Fields.Select(f => f.Name)]);

    [Fact]
    public void Decode_RandomPartsOfBatches_GivesTheRowsBack()
    {
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            List<RecordBatch> batches = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => RandomBatch(random, 1 + (i * 1000)))];
            using LogDraft draft = new(new FeedEntry(1, [Revision]), Revision, 0);
            var expected = new List<string>();
            foreach (RecordBatch batch in batches)
            {
                int start = random.Next(batch.Count);
                draft.Add(batch, start).ShouldBe(batch.Count - start);
                expected.AddRange(Row.Of(batch).Skip(start).Select(Text));
            }

            draft.Encode();
            var builder = new RecordBatchBuilder(Schema);
            builder.AppendRows(3);
            BlobDecoder.Decode(draft.Data, new SchemaMap(Revision, Revision), builder);

            using RecordBatch decoded = builder.Build();
            Row.Of(decoded).Skip(3).Select(Text).ShouldBe(expected);
            batches.ForEach(b => b.Dispose());
        }
    }

    [Fact]
    public void Decode_IntoMemoryThatWasUsedBefore_LeavesZeroBehindEveryNull()
    {
        var newer = new FeedRevision(2, new FeedSchema("f", [.. Schema.Fields, new("later", FieldType.Float64)]), [.. Schema.Fields.Select(f => f.Name), "later"]);
        var source = new RecordBatchBuilder(Schema);
        for (int i = 0; i < 100; i++)
        {
            source.BeginRow(i);
            if (i % 3 == 0)
                source.SetInt64(1, i);
            source.EndRow();
        }

        using RecordBatch rows = source.Build(1);
        using LogDraft draft = Encode(rows);
        var builder = new RecordBatchBuilder(newer.Schema, 100);
        for (int round = 0; round < 2; round++)
        {
            builder.AppendRows(100);
            for (int c = 0; c < newer.Schema.Fields.Count; c++)
            {
                if (newer.Schema.Fields[c].Type == FieldType.Boolean)
                    builder.Values<byte>(c).Fill(1);
                else if (newer.Schema.Fields[c].Type != FieldType.Text)
                    builder.Values<long>(c).Fill(-1);
            }

            builder.Build().Dispose();
        }

        BlobDecoder.Decode(draft.Data, new SchemaMap(Revision, newer), builder);

        using RecordBatch decoded = builder.Build();
        decoded.Column(0).Values<byte>().ContainsAnyExcept((byte)0).ShouldBeFalse();
        foreach (int column in new[] { 1, 2, 3, 5, 7 })
            decoded.Column(column).Values<long>().ToArray().ShouldBe(Enumerable.Range(0, 100).Select(i => column == 1 && i % 3 == 0 ? (long)i : 0));
        decoded.Arrivals.ContainsAnyExcept(0L).ShouldBeFalse();
    }

    [Fact]
    public void Encode_ValuesThatRepeat_TakesLittleSpace()
    {
        var builder = new RecordBatchBuilder(Schema);
        for (int i = 0; i < 1000; i++)
        {
            builder.BeginRow(5, 6);
            builder.SetFloat64(3, 1.5);
            builder.SetText(6, "always the same"u8);
            builder.EndRow();
        }

        using RecordBatch batch = builder.Build(10);
        using LogDraft draft = Encode(batch);

        draft.Data.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void Decode_UnderAnotherSchema_MapsByNameWidensAndLeavesOut()
    {
        var builder = new RecordBatchBuilder(Schema);
        builder.BeginRow(1);
        builder.SetInt64(1, 7);
        builder.SetText(4, "text"u8);
        builder.SetBoolean(0, true);
        builder.EndRow();
        using RecordBatch batch = builder.Build(10);
        using LogDraft draft = Encode(batch);
        var target = new FeedSchema("f", [new("new", FieldType.Int64), new("t", FieldType.Text), new("i", FieldType.Float64), new("b", FieldType.Text)]);

        var decoded = new RecordBatchBuilder(target);
        BlobDecoder.Decode(draft.Data, new SchemaMap(Revision, new FeedRevision(2, target, [.. target.Fields.Select(f => f.Name)])), decoded);

        using RecordBatch result = decoded.Build();
        Row.Of(result).Single().Values.ShouldBe([null, "text", 7.0, null]);
    }

    [Fact]
    public void Decode_MutatedBytes_GivesAnErrorOrRowsButNeverMore()
    {
        var random = new Random(8);
        using RecordBatch batch = RandomBatch(random, 1);
        using LogDraft draft = Encode(batch);
        byte[] original = draft.Data.ToArray();
        int refused = 0;
        for (int round = 0; round < 5000; round++)
        {
            byte[] blob = random.Next(3) == 0 ? original[..random.Next(original.Length)] : (byte[])original.Clone();
            for (int i = random.Next(1, 4); i > 0 && blob.Length > 0; i--)
                blob[random.Next(Math.Min(blob.Length, 400))] = (byte)random.Next(256);
            var builder = new RecordBatchBuilder(Schema);
            try
            {
                BlobDecoder.Decode(blob, new SchemaMap(Revision, Revision), builder);
                using RecordBatch decoded = builder.Build();
                Row.Of(decoded).Count().ShouldBe(decoded.Count);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void ChecksumOf_KnownText_IsTheStandardsValue()
    {
        Checksum.Of("123456789"u8).ShouldBe(0xE3069283u);
        Checksum.Of([]).ShouldBe(0u);
    }

    [Fact]
    public void ChecksumOfFile_LongerThanTheBuffer_EqualsThatOfItsBytes()
    {
        string path = Path.GetTempFileName();
        var data = new byte[300_001];
        new Random(9).NextBytes(data);
        File.WriteAllBytes(path, data);

        Checksum.OfFile(path).ShouldBe(Checksum.Of(data));
        File.Delete(path);
    }

    private static LogDraft Encode(RecordBatch batch)
    {
        var draft = new LogDraft(new FeedEntry(1, [Revision]), Revision, 0);
        draft.Add(batch, 0);
        draft.Encode();
        return draft;
    }

    private static RecordBatch RandomBatch(Random random, long position)
    {
        var builder = new RecordBatchBuilder(Schema);
        bool[] absent = [.. Schema.Fields.Select(_ => random.Next(4) == 0)];
        bool[] full = [.. Schema.Fields.Select(_ => random.Next(4) == 0)];
        bool constant = random.Next(4) == 0;
        for (int rows = random.Next(1, 60); rows > 0; rows--)
        {
            builder.BeginRow(constant ? 5 : random.NextInt64(), constant ? 6 : random.NextInt64(), sequence: constant ? 7 : random.NextInt64(), recordSequence: rows);
            builder.AddQuality((byte)random.Next(4));
            for (int c = 0; c < Schema.Fields.Count; c++)
            {
                if (absent[c] || (!full[c] && random.Next(2) == 0))
                    continue;
                switch (Schema.Fields[c].Type)
                {
                    case FieldType.Boolean:
                        builder.SetBoolean(c, random.Next(2) == 0);
                        break;
                    case FieldType.Int64:
                        builder.SetInt64(c, constant ? 1 : random.NextInt64());
                        break;
                    case FieldType.UInt64:
                        builder.SetUInt64(c, (ulong)random.NextInt64());
                        break;
                    case FieldType.Float64:
                        builder.SetFloat64(c, random.NextDouble());
                        break;
                    case FieldType.Timestamp:
                        builder.SetInstant(c, random.Next());
                        break;
                    default:
                        builder.SetText(c, c == 6 ? "same"u8 : new byte[random.Next(20)]);
                        break;
                }
            }

            builder.EndRow();
        }

        return builder.Build(position);
    }

    private static string Text(Row row) => $"{row.Position} {row.Time} {row.Quality} {row.Sequence} {row.RecordSequence} {string.Join('|', row.Values)}";
}

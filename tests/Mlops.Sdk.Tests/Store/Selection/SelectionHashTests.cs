using System.Security.Cryptography;
using System.Text;
using Mlops.Data;
using Mlops.Store.Selection;

namespace Mlops.Tests.Store.Selection;

/// <summary>What the hash covers: recorded selections are compared by it, so it must stay as it is.</summary>
public class SelectionHashTests
{
    private static readonly FeedSchema Schema = new("f", [new("d", FieldType.Float64), new("t", FieldType.Text), new("b", FieldType.Boolean), new("n", FieldType.Int64)]);

    [Fact]
    public void Finish_ThreeRecords_IsSha256OverThisLayout()
    {
        using RecordBatch batch = Fill(3, row => row switch { 0 => (-0.0, "left", true, 7L), 1 => (double.NaN, null, null, null), _ => (null, "ß", false, -1L) });
        var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            writer.Write(Encoding.UTF8.GetBytes($"d\0{(int)FieldType.Float64}\0t\0{(int)FieldType.Text}\0b\0{(int)FieldType.Boolean}\0n\0{(int)FieldType.Int64}\0"));
            writer.Write(3);
            foreach (long value in new long[] { 1, 2, 3 })
                writer.Write(value);
            writer.Write((byte)0b011);
            foreach (double value in new[] { 0.0, double.NaN, 0.0 })
                writer.Write(value);
            writer.Write((byte)0b101);
            foreach (int offset in new[] { 0, 4, 4, 6 })
                writer.Write(offset);
            writer.Write("leftß"u8);
            writer.Write((byte)0b101);
            writer.Write([1, 0, 0]);
            writer.Write((byte)0b101);
            foreach (long value in new long[] { 7, 0, -1 })
                writer.Write(value);
        }

        using var hash = new SelectionHash(Schema);
        hash.Add(batch);

        hash.Finish().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Finish_SameRecordsInOtherBatches_IsTheSame(int seed)
    {
        var random = new Random(seed);
        (double?, string?, bool?, long?)[] rows = [.. Enumerable.Range(0, 40_000).Select(i => (
            random.Next(5) == 0 ? (double?)null : random.Next(9) == 0 ? double.NaN : random.NextDouble(),
            random.Next(5) == 0 ? null : new string('x', random.Next(9)),
            random.Next(5) == 0 ? (bool?)null : random.Next(2) == 0,
            random.Next(5) == 0 ? (long?)null : random.NextInt64()))];
        using RecordBatch all = Fill(rows.Length, row => rows[row]);
        using var whole = new SelectionHash(Schema);
        using var pieces = new BackgroundHash(Schema);

        whole.Add(all);
        for (int start = 0; start < rows.Length;)
        {
            int count = Math.Min(random.Next(1, 20_000), rows.Length - start);
            var builder = new RecordBatchBuilder(Schema);
            builder.Append(all, start, count);
            using RecordBatch piece = builder.Build();
            pieces.Add(piece);
            start += count;
        }

        (await pieces.FinishAsync()).ShouldBe(whole.Finish());
    }

    private static RecordBatch Fill(int count, Func<int, (double? D, string? T, bool? B, long? N)> row)
    {
        var builder = new RecordBatchBuilder(Schema);
        for (int i = 0; i < count; i++)
        {
            (double? d, string? t, bool? b, long? n) = row(i);
            builder.BeginRow(i);
            if (d is { } number)
                builder.SetFloat64(0, number);
            if (t is not null)
                builder.SetText(1, Encoding.UTF8.GetBytes(t));
            if (b is { } flag)
                builder.SetBoolean(2, flag);
            if (n is { } integer)
                builder.SetInt64(3, integer);
            builder.EndRow();
        }

        return builder.Build(1);
    }
}

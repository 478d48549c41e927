using System.Text;
using Mlops.Data;

namespace Mlops.Tests.Data;

public class RecordBatchBuilderTests
{
    private static readonly FeedSchema Schema = new("f", [
        new("b", FieldType.Boolean), new("i", FieldType.Int64), new("u", FieldType.UInt64),
        new("d", FieldType.Float64), new("t", FieldType.Text), new("at", FieldType.Timestamp)]);

    [Fact]
    public void Build_RandomRows_GivesThemBack()
    {
        object?[][] rows = RandomRows(new Random(2), 500);
        var builder = new RecordBatchBuilder(Schema, 4);
        foreach (object?[] row in rows)
            Write(builder, row);

        using RecordBatch batch = builder.Build(100);

        Read(batch).ShouldBe(rows);
        batch.Positions.ToArray().ShouldBe(Enumerable.Range(100, 500).Select(i => (long)i));
        batch.Column(1).NullCount.ShouldBe(rows.Count(r => r[1] is null));
    }

    [Fact]
    public void Append_RandomPartsOfBatches_EqualsTheRowsOneByOne()
    {
        var random = new Random(3);
        var builder = new RecordBatchBuilder(Schema, 2);
        for (int round = 0; round < 20; round++)
        {
            var expected = new List<object?[]>();
            for (int part = 0; part < 6; part++)
            {
                object?[][] rows = RandomRows(random, random.Next(1, 200));
                using RecordBatch source = Build(rows);
                int start = random.Next(rows.Length), count = random.Next(rows.Length - start + 1);
                builder.Append(source, start, count);
                expected.AddRange(rows.Skip(start).Take(count));
                Write(builder, rows[0]);
                expected.Add(rows[0]);
            }

            using RecordBatch batch = builder.Build();
            Read(batch).ShouldBe(expected);
            NullSlotsAreZero(batch);
        }
    }

    [Fact]
    public void Append_ColumnsAllRecordsHave_AreCopied()
    {
        var source = new RecordBatchBuilder(Schema);
        source.BeginRow(10, 11, 12, 13, 14);
        source.SetPosition(15);
        source.AddQuality(1);
        source.EndRow();
        using RecordBatch batch = source.Build();
        var builder = new RecordBatchBuilder(Schema);

        builder.Append(batch, 0, 1);

        using RecordBatch copy = builder.Build();
        (copy.Timestamps[0], copy.Received[0], copy.Arrivals[0], copy.Sequences[0], copy.RecordSequences[0], copy.Positions[0], copy.Qualities[0])
            .ShouldBe((10, 11, 12, 13, 14, 15, (byte)1));
    }

    [Fact]
    public void Append_OtherColumns_NamesBoth()
    {
        var other = new RecordBatchBuilder(new FeedSchema("g", [new("x", FieldType.Int64)]));
        other.AppendRows(1);
        using RecordBatch batch = other.Build();

        string message = Should.Throw<ArgumentException>(() => new RecordBatchBuilder(Schema).Append(batch, 0, 1)).Message;
        message.ShouldContain("g v1");
        message.ShouldContain("f v1");
    }

    [Fact]
    public void Append_RowsThatAreNotThere_Throws()
    {
        using RecordBatch batch = Build(RandomRows(new Random(4), 3));
        Should.Throw<ArgumentOutOfRangeException>(() => new RecordBatchBuilder(Schema).Append(batch, 1, 3));
    }

    [Fact]
    public void AppendRows_FilledByColumn_EqualsRows()
    {
        var builder = new RecordBatchBuilder(Schema, 1);
        Write(builder, [true, 1L, 2UL, 3.0, "first", Time(1)]);
        int first = builder.AppendRows(3);

        new long[] { 7, 0, 9 }.CopyTo(builder.Values<long>(1)[first..]);
        builder.MarkValid(1, first, 3, [0b101]);
        new double[] { 1, 2, 3 }.CopyTo(builder.Values<double>(3)[first..]);
        builder.MarkValid(3, first, 3);
        builder.SetTextsAt(4, first, [2, 4, 4, 5], "xxabc"u8);
        builder.MarkValid(4, first, 3, [0b101]);
        builder.Timestamps[first + 2] = 77;

        using RecordBatch batch = builder.Build();
        Read(batch).Skip(1).ShouldBe([
            [null, 7L, null, 1.0, "ab", null],
            [null, null, null, 2.0, null, null],
            [null, 9L, null, 3.0, "c", null]]);
        batch.Timestamps[3].ShouldBe(77);
        batch.Sequences[2].ShouldBe(RecordBatch.NoSequence);
    }

    [Fact]
    public void SetTextAt_RisingRowsWithGaps_LeavesTheGapsEmpty()
    {
        var builder = new RecordBatchBuilder(Schema);
        builder.AppendRows(5);
        builder.SetTextAt(4, 1, "one"u8);
        builder.SetTextAt(4, 3, "three"u8);

        using RecordBatch batch = builder.Build();

        Enumerable.Range(0, 5).Select(i => batch.Column(4).GetValue(i)).ShouldBe([null, "one", null, "three", null]);
        batch.Column(4).Offsets.ToArray().ShouldBe([0, 0, 3, 3, 8, 8]);
    }

    [Fact]
    public void EndRow_NotCalled_ForgetsTheRow()
    {
        var builder = new RecordBatchBuilder(Schema);
        Write(builder, [true, 1L, 2UL, 3.0, "kept", Time(1)]);
        builder.BeginRow(2);
        builder.SetText(4, "forgotten"u8);
        builder.SetInt64(1, 5);

        using RecordBatch batch = builder.Build();

        batch.Count.ShouldBe(1);
        batch.Column(4).TextBytes.ToArray().ShouldBe("kept"u8.ToArray());
        Should.Throw<InvalidOperationException>(builder.EndRow);
    }

    [Fact]
    public void Truncate_ThenMoreRows_ForgetsOnlyTheLast()
    {
        object?[][] rows = RandomRows(new Random(6), 30);
        var builder = new RecordBatchBuilder(Schema);
        foreach (object?[] row in rows)
            Write(builder, row);
        using RecordBatch source = Build(rows);

        builder.Truncate(10);
        builder.Append(source, 20, 5);
        builder.Truncate(12);
        Write(builder, rows[29]);

        using RecordBatch batch = builder.Build();
        Read(batch).ShouldBe([.. rows[..10], rows[20], rows[21], rows[29]]);
        NullSlotsAreZero(batch);
    }

    [Fact]
    public void SetText_TwiceInARow_KeepsTheLast()
    {
        var builder = new RecordBatchBuilder(Schema);
        builder.BeginRow(1);
        builder.SetText(4, "a rather long one"u8);
        builder.SetText(4, "short"u8);
        builder.EndRow();
        Write(builder, [true, 1L, 2UL, 3.0, "next", Time(1)]);

        using RecordBatch batch = builder.Build();

        batch.Column(4).GetValue(0).ShouldBe("short");
        batch.Column(4).GetValue(1).ShouldBe("next");
    }

    [Fact]
    public void SetNull_AfterAValue_TakesItBack()
    {
        var builder = new RecordBatchBuilder(Schema);
        builder.BeginRow(1);
        builder.SetText(4, "gone"u8);
        builder.SetInt64(1, 5);
        builder.SetNull(4);
        builder.SetNull(1);
        builder.EndRow();

        using RecordBatch batch = builder.Build();

        Read(batch)[0].ShouldAllBe(v => v == null);
        NullSlotsAreZero(batch);
    }

    [Fact]
    public void Set_OtherType_NamesFieldAndTypes() =>
        Should.Throw<InvalidOperationException>(() =>
        {
            var builder = new RecordBatchBuilder(Schema);
            builder.BeginRow(1);
            builder.SetInt64(3, 1);
        }).Message.ShouldBe("Column 'd' holds Float64 and cannot take Int64.");

    [Fact]
    public void AddQuality_SeveralValues_KeepsTheWorst()
    {
        var builder = new RecordBatchBuilder(Schema);
        builder.BeginRow(1);
        builder.AddQuality(2);
        builder.AddQuality(1);
        builder.AddQuality(3);
        builder.EndRow();

        using RecordBatch batch = builder.Build();

        batch.Qualities[0].ShouldBe((byte)1);
    }

    [Fact]
    public void MarkValid_UnfinishedRow_Throws() => Should.Throw<ArgumentOutOfRangeException>(() =>
    {
        var builder = new RecordBatchBuilder(Schema);
        builder.AppendRows(2);
        builder.MarkValid(0, 1, 2);
    });

    [Fact]
    public void Build_ManyTimesWithReuse_NeverMixesBatches()
    {
        var random = new Random(5);
        var builder = new RecordBatchBuilder(Schema, 8);
        var alive = new Queue<(RecordBatch Batch, object?[][] Rows)>();
        for (int round = 0; round < 300; round++)
        {
            object?[][] rows = RandomRows(random, random.Next(0, 40));
            foreach (object?[] row in rows)
                Write(builder, row);
            alive.Enqueue((builder.Build(), rows));
            if (alive.Count <= random.Next(6))
                continue;
            (RecordBatch batch, object?[][] expected) = alive.Dequeue();
            Read(batch).ShouldBe(expected);
            batch.Dispose();
        }
    }

    private static RecordBatch Build(object?[][] rows)
    {
        var builder = new RecordBatchBuilder(Schema);
        foreach (object?[] row in rows)
            Write(builder, row);
        return builder.Build();
    }

    private static void Write(RecordBatchBuilder builder, object?[] row)
    {
        builder.BeginRow(0);
        if (row[0] is bool b)
            builder.SetBoolean(0, b);
        if (row[1] is long i)
            builder.SetInt64(1, i);
        if (row[2] is ulong u)
            builder.SetUInt64(2, u);
        if (row[3] is double d)
            builder.SetFloat64(3, d);
        if (row[4] is string t)
            builder.SetText(4, Encoding.UTF8.GetBytes(t));
        if (row[5] is DateTimeOffset at)
            builder.SetInstant(5, EpochTime.FromDateTimeOffset(at));
        builder.EndRow();
    }

    private static object?[][] RandomRows(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => new object?[]
    {
        random.Next(3) == 0 ? null : random.Next(2) == 0,
        random.Next(3) == 0 ? null : random.NextInt64(),
        random.Next(3) == 0 ? null : (ulong)random.NextInt64() * 2,
        random.Next(3) == 0 ? null : random.NextDouble(),
        random.Next(3) == 0 ? null : new string((char)random.Next('a', 'ä' + 1), random.Next(40)),
        random.Next(3) == 0 ? null : Time(random.Next()),
    })];

    private static DateTimeOffset Time(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private static List<object?[]> Read(RecordBatch batch) =>
        [.. Enumerable.Range(0, batch.Count).Select(row => Enumerable.Range(0, batch.Schema.Fields.Count).Select(c => batch.Column(c).GetValue(row)).ToArray())];

    private static void NullSlotsAreZero(RecordBatch batch)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            if (!batch.Column(1).IsValid(row))
                batch.Column(1).Values<long>()[row].ShouldBe(0);
            if (!batch.Column(4).IsValid(row))
                batch.Column(4).Utf8(row).Length.ShouldBe(0);
        }
    }
}

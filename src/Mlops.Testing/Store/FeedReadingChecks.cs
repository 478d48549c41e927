using System.Globalization;
using Mlops.Data;
using Mlops.Store;
using static Mlops.Testing.Store.ContractRecords;

namespace Mlops.Testing.Store;

/// <summary>What a store promises about reading.</summary>
internal static class FeedReadingChecks
{
    public static void AddTo(Dictionary<string, Func<IFeedStoreFixture, Task>> checks)
    {
        checks.Add(nameof(Read_EveryTypeWithExtremes_GivesTheSameBack), Read_EveryTypeWithExtremes_GivesTheSameBack);
        checks.Add(nameof(Read_ListsOfEveryLength_GivesTheSameBack), Read_ListsOfEveryLength_GivesTheSameBack);
        checks.Add(nameof(Read_WhatEveryRecordHas_GivesTheSameBack), Read_WhatEveryRecordHas_GivesTheSameBack);
        checks.Add(nameof(Read_EachCondition_GivesWhatAPlainListWould), Read_EachCondition_GivesWhatAPlainListWould);
        checks.Add(nameof(Read_CommitsMeanwhile_GivesWhatWasThereAtTheStart), Read_CommitsMeanwhile_GivesWhatWasThereAtTheStart);
        checks.Add(nameof(Read_CommitThatOvertook_ComesInOrderOfPositions), Read_CommitThatOvertook_ComesInOrderOfPositions);
        checks.Add(nameof(Read_FilterThatIsNoPureExpression_IsRefused), Read_FilterThatIsNoPureExpression_IsRefused);
        checks.Add(nameof(Read_UnknownFeedOrCancelled_Throws), Read_UnknownFeedOrCancelled_Throws);
    }

    private static async Task Read_EveryTypeWithExtremes_GivesTheSameBack(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync(
            "f", new("b", FieldType.Boolean), new("i", FieldType.Int64), new("u", FieldType.UInt64), new("d", FieldType.Float64), new("t", FieldType.Text), new("at", FieldType.Timestamp));
        object?[][] rows =
        [
            [true, long.MaxValue, ulong.MaxValue, double.MaxValue, "größer 😀", DateTimeOffset.UnixEpoch.AddYears(100)],
            [false, long.MinValue, 0UL, double.NegativeInfinity, "", DateTimeOffset.UnixEpoch.AddYears(-100)],
            [null, null, null, null, null, null],
            [null, 0, null, double.NaN, "' \" ; \n \t \\", null],
            [null, -1, 1UL, double.Epsilon, new string('x', 100_000), DateTimeOffset.UnixEpoch.AddTicks(1)],
        ];
        await fixture.Store.CommitAsync(schema, [.. rows.Select((values, i) => ((long)i, values))]);
        List<string> wanted = await fixture.Store.LinesAsync("f");
        True(wanted[0].Contains($"{long.MaxValue}, {ulong.MaxValue}", StringComparison.Ordinal) && wanted[3].Contains("NaN", StringComparison.Ordinal), "Extremes are given back as they are");
        await fixture.EverywhereAsync(async store => Same(await store.LinesAsync("f"), wanted, "Values are the same wherever they are"));
    }

    private static async Task Read_ListsOfEveryLength_GivesTheSameBack(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync(
            "f", new("b", FieldType.BooleanList), new("i", FieldType.Int64List), new("u", FieldType.UInt64List), new("d", FieldType.Float64List), new("t", FieldType.TextList), new("at", FieldType.TimestampList));
        object?[][] rows =
        [
            [new[] { true, false }, new[] { long.MinValue, 0, long.MaxValue }, new[] { ulong.MaxValue }, new[] { double.NaN, -0.5, double.PositiveInfinity }, new[] { "", "größer 😀", "a, b" }, new[] { DateTimeOffset.UnixEpoch }],
            [Array.Empty<bool>(), Array.Empty<long>(), Array.Empty<ulong>(), Array.Empty<double>(), Array.Empty<string>(), Array.Empty<DateTimeOffset>()],
            [null, null, null, null, null, null],
            [new[] { false }, new[] { 1L }, Enumerable.Range(0, 5000).Select(i => (ulong)i).ToArray(), new[] { 0.1 }, new[] { new string('x', 70_000) }, new[] { DateTimeOffset.UnixEpoch.AddYears(-50), DateTimeOffset.UnixEpoch.AddYears(50) }],
        ];
        await fixture.Store.CommitAsync(schema, [.. rows.Select((values, i) => ((long)i, values))]);
        List<string> wanted = await fixture.Store.LinesAsync("f");
        Same(
            wanted.Skip(1).Take(2).Select(l => l.Split(": ")[1]), ["[], [], [], [], [], []", "null, null, null, null, null, null"], "An empty list is a list, and no list is none");
        True(wanted[0].EndsWith(": [True; False], [-9223372036854775808; 0; 9223372036854775807], [18446744073709551615], [NaN; -0.5; Infinity], [''; 'größer 😀'; 'a, b'], [1970-01-01T00:00:00.0000000+00:00]", StringComparison.Ordinal), "Lists are given back as they are");
        await fixture.EverywhereAsync(async store => Same(await store.LinesAsync("f"), wanted, "Lists are the same wherever they are"));
    }

    private static async Task Read_WhatEveryRecordHas_GivesTheSameBack(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        var builder = new RecordBatchBuilder(schema);
        for (int i = 0; i < 4; i++)
        {
            if (i == 0)
                builder.BeginRow(-5, received: long.MaxValue);
            else
                builder.BeginRow(i, received: i * 10, sequence: long.MaxValue - i, recordSequence: -i);
            builder.AddQuality((byte)i);
            builder.EndRow();
        }

        long first = await fixture.Store.ReservePositionsAsync(4);
        using RecordBatch batch = builder.Build(first);
        var commit = new StoreCommit();
        commit.Batches.Add(batch);
        await fixture.Store.CommitAsync(commit);
        List<string> wanted = SystemLines(batch);
        await fixture.EverywhereAsync(async store =>
        {
            Same(await store.SystemLinesAsync(new FeedQuery { Feed = "f" }), wanted, "Position, times, numbers and quality of a record are what they were");
            Same(await store.SystemLinesAsync(new FeedQuery { Feed = "f", MinimumQuality = 2 }), wanted.Skip(2), "Records of a worse quality are left out when that is asked");
        });
    }

    private static async Task Read_EachCondition_GivesWhatAPlainListWould(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        for (int part = 0; part < 4; part++)
        {
            await fixture.Store.CommitAsync(schema, [.. Enumerable.Range(0, 25).Select(i => ((long)((part * 25) + i), new object?[] { (part * 25) + i }))]);
            if (part == 1)
                await fixture.SettleAsync();
        }

        long[] positions = [.. (await fixture.Store.LinesAsync("f")).Select(l => long.Parse(l.Split('@')[0], CultureInfo.InvariantCulture))];
        async Task WantAsync(IFeedStore store, FeedQuery query, IEnumerable<int> wanted) => Same(
            (await store.LinesAsync(query)).Select(l => l.Split(": ")[1]), wanted.Select(n => n.ToString(CultureInfo.InvariantCulture)), $"Reading {query} gives what it says");
        var all = new FeedQuery { Feed = "f" };
        await fixture.EverywhereAsync(async store =>
        {
            IEnumerable<int> numbers = Enumerable.Range(0, 100);
            await WantAsync(store, all with { AfterPosition = positions[40], ToPosition = positions[60] }, numbers.Skip(41).Take(20));
            await WantAsync(store, all with { From = 30_000_000_000, To = 70_000_000_000 }, numbers.Skip(30).Take(40));
            await WantAsync(store, all with { Limit = 7 }, numbers.Take(7));
            await WantAsync(store, all with { Limit = 60, Descending = true }, numbers.Reverse().Take(60));
            await WantAsync(store, all with { Filter = "n % 10 = 3", From = 50_000_000_000 }, [53, 63, 73, 83, 93]);
            await WantAsync(store, all with { Filter = "n % 10 = 3", Descending = true, Limit = 2 }, [93, 83]);
            await WantAsync(store, all with { MinimumQuality = 3 }, numbers);
            await WantAsync(store, all with { Limit = 0 }, []);
            await WantAsync(store, all with { AfterPosition = positions[^1] }, []);
        });
    }

    private static async Task Read_CommitsMeanwhile_GivesWhatWasThereAtTheStart(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        for (int i = 0; i < 30; i++)
            await fixture.Store.CommitAsync(schema, [.. Enumerable.Range(0, 1000).Select(n => ((long)i, new object?[] { n }))]);
        var read = new List<long>();
        await foreach (RecordBatch batch in fixture.Store.ReadAsync(new FeedQuery { Feed = "f" }))
        {
            using (batch)
                read.AddRange(batch.Positions);
            await fixture.Store.CommitAsync(schema, (1, [1]));
            await fixture.SettleAsync();
        }

        Equal(read.Count, 30_000, "A reading is one snapshot");
        True(read.Zip(read.Skip(1)).All(p => p.Second > p.First), "Positions rise");
    }

    private static async Task Read_CommitThatOvertook_ComesInOrderOfPositions(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        using RecordBatch late = await fixture.Store.BuildAsync(schema, (1, [1]));
        await fixture.Store.CommitAsync(schema, (2, [2]));
        var commit = new StoreCommit();
        commit.Batches.Add(late);
        await fixture.Store.CommitAsync(commit);
        await fixture.EverywhereAsync(async store => Same(await store.LinesAsync("f"), ["1@1: 1", "2@2: 2"], "Records come in the order of their positions, whichever was committed first"));
    }

    private static async Task Read_FilterThatIsNoPureExpression_IsRefused(IFeedStoreFixture fixture)
    {
        FeedSchema schema = await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        await fixture.Store.CommitAsync(schema, (1, [1]));
        foreach (string filter in new[] { "n > (SELECT 1)", "n > 1; DROP TABLE f", "missing > 1", "n >", "now() > n", "read_text('/etc/passwd') IS NOT NULL" })
            await ThrowsAsync<ArgumentException>(() => fixture.Store.LinesAsync(new FeedQuery { Feed = "f", Filter = filter }), $"The filter \"{filter}\" is refused");
    }

    private static async Task Read_UnknownFeedOrCancelled_Throws(IFeedStoreFixture fixture)
    {
        await fixture.Store.DeclareAsync("f", new FeedField("n", FieldType.Int64));
        await fixture.Store.CommitAsync(fixture.Store.Find("f")!, (1, [1]));
        await ThrowsAsync<ArgumentException>(() => fixture.Store.LinesAsync("g"), "A feed that does not exist cannot be read");
        await ThrowsAsync<ArgumentException>(() => fixture.Store.LinesAsync(new FeedQuery { Feed = "f", Version = 9 }), "A version that does not exist cannot be read");
        await ThrowsAsync<OperationCanceledException>(
            async () =>
            {
                await foreach (RecordBatch batch in fixture.Store.ReadAsync(new FeedQuery { Feed = "f" }, new CancellationToken(canceled: true)))
                    batch.Dispose();
            },
            "Reading ends when it is cancelled");
    }
}

using Mlops.Data;
using Mlops.Store;
using static Mlops.Testing.Store.ContractRecords;

namespace Mlops.Testing.Store;

/// <summary>What a store promises about feeds and their schemas.</summary>
internal static class FeedDeclarationChecks
{
    public static void AddTo(Dictionary<string, Func<IFeedStoreFixture, Task>> checks)
    {
        checks.Add(nameof(Declare_MetadataAlone_CreatesTheFeedForGood), Declare_MetadataAlone_CreatesTheFeedForGood);
        checks.Add(nameof(Declare_TwoOriginsWithOneId_GetFeedsOfTheirOwn), Declare_TwoOriginsWithOneId_GetFeedsOfTheirOwn);
        checks.Add(nameof(Declare_NewField_OlderRecordsReadNull), Declare_NewField_OlderRecordsReadNull);
        checks.Add(nameof(Declare_WiderType_KeepsOlderValuesInTheVersion), Declare_WiderType_KeepsOlderValuesInTheVersion);
        checks.Add(nameof(Declare_RenamedDataPoint_KeepsItsValues), Declare_RenamedDataPoint_KeepsItsValues);
        checks.Add(nameof(Declare_IncompatibleType_StartsAVersionAndKeepsTheOldOneReadable), Declare_IncompatibleType_StartsAVersionAndKeepsTheOldOneReadable);
        checks.Add(nameof(Declare_NamesOfAnyKind_AreKeptApart), Declare_NamesOfAnyKind_AreKeptApart);
        checks.Add(nameof(Declare_FromManyThreads_LosesNoField), Declare_FromManyThreads_LosesNoField);
        checks.Add(nameof(Declare_Useless_IsRefused), Declare_Useless_IsRefused);
    }

    private static async Task Declare_MetadataAlone_CreatesTheFeedForGood(IFeedStoreFixture fixture)
    {
        var origin = new FeedOrigin("App", "Line 1", "Data");
        await fixture.Store.DeclareAsync(new FeedDeclaration(origin, null, [new FeedField("t", FieldType.Float64) { Unit = "°C", SourceType = "LReal", Id = "7" }]));
        await fixture.EverywhereAsync(store =>
        {
            FeedSchema? schema = store.Find("app.line-1.data");
            True(schema is not null, "A feed that was declared is found under its id");
            Equal(schema!.Origin, origin, "A feed keeps its announced names");
            Equal(schema.Fields.Single(), new FeedField("t", FieldType.Float64) { Unit = "°C", SourceType = "LReal", Id = "7" }, "A field keeps what was announced of it");
            FeedInfo info = store.List().Single();
            Equal((info.Records, info.First, info.Last, info.LastPosition), (0, null, null, 0), "A feed without records has none");
            return Task.CompletedTask;
        });
        True(fixture.Store.Find("other") is null, "A feed that was not declared is not found");
    }

    private static async Task Declare_TwoOriginsWithOneId_GetFeedsOfTheirOwn(IFeedStoreFixture fixture)
    {
        FeedSchema a = await fixture.Store.DeclareAsync(new FeedDeclaration(new FeedOrigin("app", "c", "x y"), null, [new("n", FieldType.Int64)]));
        FeedSchema b = await fixture.Store.DeclareAsync(new FeedDeclaration(new FeedOrigin("app", "c", "x/y"), null, [new("n", FieldType.Int64)]));
        FeedSchema again = await fixture.Store.DeclareAsync(new FeedDeclaration(new FeedOrigin("app", "c", "x/y"), null, []));
        True(a.Feed != b.Feed, "Two origins are two feeds");
        Equal(again.Feed, b.Feed, "An origin is always the same feed");
    }

    private static async Task Declare_NewField_OlderRecordsReadNull(IFeedStoreFixture fixture)
    {
        FeedSchema one = await fixture.Store.DeclareAsync("f", new FeedField("a", FieldType.Int64));
        await fixture.Store.CommitAsync(one, (1, [1]));
        await fixture.SettleAsync();
        FeedSchema two = await fixture.Store.DeclareAsync("f", new FeedField("b", FieldType.Text));
        await fixture.Store.CommitAsync(two, (2, [2, "x"]));
        await fixture.Store.CommitAsync(one, (3, [3]));
        Equal(two.Version, 1, "A new field starts no new version");
        await fixture.EverywhereAsync(async store => Same(
            await store.LinesAsync("f"), ["1@1: 1, null", "2@2: 2, 'x'", "3@3: 3, null"], "Records of before read null in a new field"));
    }

    private static async Task Declare_WiderType_KeepsOlderValuesInTheVersion(IFeedStoreFixture fixture)
    {
        FeedSchema one = await fixture.Store.DeclareAsync("f", new FeedField("a", FieldType.Int64));
        await fixture.Store.CommitAsync(one, (1, [1]));
        await fixture.SettleAsync();
        await fixture.Store.CommitAsync(one, (2, [2]));
        FeedSchema two = await fixture.Store.DeclareAsync("f", new FeedField("a", FieldType.Float64));
        await fixture.Store.CommitAsync(two, (3, [3.5]));
        Equal(two.Version, 1, "A wider type starts no new version");
        await fixture.EverywhereAsync(async store => Same(await store.LinesAsync("f"), ["1@1: 1", "2@2: 2", "3@3: 3.5"], "Integers are given as floating-point numbers once the field is"));
    }

    private static async Task Declare_RenamedDataPoint_KeepsItsValues(IFeedStoreFixture fixture)
    {
        FeedSchema one = await fixture.Store.DeclareAsync("f", new FeedField("a", FieldType.Int64) { Id = "1" });
        await fixture.Store.CommitAsync(one, (1, [1]));
        await fixture.SettleAsync();
        FeedSchema two = await fixture.Store.DeclareAsync("f", new FeedField("b", FieldType.Int64) { Id = "1" });
        await fixture.Store.CommitAsync(two, (2, [2]));
        Same(two.Fields.Select(f => f.Name), ["b"], "A field with the id of one that is gone is that one, renamed");
        await fixture.EverywhereAsync(async store => Same(await store.LinesAsync("f"), ["1@1: 1", "2@2: 2"], "A renamed field keeps its values"));
    }

    private static async Task Declare_IncompatibleType_StartsAVersionAndKeepsTheOldOneReadable(IFeedStoreFixture fixture)
    {
        FeedSchema one = await fixture.Store.DeclareAsync("f", new FeedField("a", FieldType.Float64), new FeedField("b", FieldType.Int64));
        await fixture.Store.CommitAsync(one, (1, [1.5, 1]));
        FeedSchema two = await fixture.Store.DeclareAsync("f", new FeedField("a", FieldType.Text));
        await fixture.Store.CommitAsync(two, (2, ["x", 2]));
        Equal((two.Feed, two.Version), ("f", 2), "An incompatible change keeps the id and starts a version");
        await fixture.EverywhereAsync(async store =>
        {
            Same(await store.LinesAsync("f"), ["1@1: null, 1", "2@2: 'x', 2"], "All versions are read together, values that do not fit as null");
            Same(await store.LinesAsync(new FeedQuery { Feed = "f", Version = 1 }), ["1@1: 1.5, 1", "2@2: null, 2"], "Values of an older version are there when it is asked for");
        });
    }

    private static async Task Declare_NamesOfAnyKind_AreKeptApart(IFeedStoreFixture fixture)
    {
        string[] names = ["temp", "Temp", "a/b.c", "we \"ird\" 'one'", "_position", "größe", "select"];
        FeedSchema schema = await fixture.Store.DeclareAsync("f", [.. names.Select(n => new FeedField(n, FieldType.Int64))]);
        await fixture.Store.CommitAsync(schema, (1, [1, 2, 3, 4, 5, 6, 7]));
        await fixture.EverywhereAsync(async store =>
        {
            Same(store.Find("f")!.Fields.Select(f => f.Name), names, "Fields keep their names, letter by letter");
            Same(await store.LinesAsync("f"), ["1@1: 1, 2, 3, 4, 5, 6, 7"], "Fields whose names are alike do not mix");
        });
    }

    private static async Task Declare_FromManyThreads_LosesNoField(IFeedStoreFixture fixture)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (i, _) => await fixture.Store.DeclareAsync("f", new FeedField($"field{i}", FieldType.Int64)).ConfigureAwait(false));
        Equal(fixture.Store.Find("f")!.Fields.Count, 40, "No declaration is lost");
    }

    private static async Task Declare_Useless_IsRefused(IFeedStoreFixture fixture)
    {
        await ThrowsAsync<ArgumentException>(async () => await fixture.Store.DeclareAsync(new FeedDeclaration(null, " ", [])), "A feed needs a name");
        await ThrowsAsync<ArgumentException>(() => fixture.Store.DeclareAsync("f", new("a", FieldType.Int64), new("a", FieldType.Text)), "Field names are unique");
        await ThrowsAsync<ArgumentException>(() => fixture.Store.DeclareAsync("f", new FeedField("", FieldType.Int64)), "A field needs a name");
        Equal(fixture.Store.List().Count, 0, "A refused declaration creates nothing");
    }
}

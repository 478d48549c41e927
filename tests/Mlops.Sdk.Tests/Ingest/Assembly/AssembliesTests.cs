using Mlops.Data;
using Mlops.Hosting;
using Mlops.Ingest.Assembly;
using Mlops.Ingest.Mapping;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Ingest.Assembly;

public sealed class AssembliesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-assembly-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Put_WhileMessagesCome_TakesEffectWithTheNextOne()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var assemblies = node.Get<IAssemblies>();
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Value("h1", "1.5", 0));
        await node.SendAsync(Topic, Value("v1", "\"a\"", 1));

        await assemblies.PutAsync(new FeedAssembly { Feed = "aoi1.*", Mode = AssemblyMode.Latest });
        await node.SendAsync(Topic, Value("h1", "2.5", 2));
        await node.SendAsync(Topic, Value("v1", "\"b\"", 3));
        await assemblies.PutAsync(new FeedAssembly { Feed = "aoi1.*", Mode = AssemblyMode.Latest, MaxAge = TimeSpan.FromSeconds(5) });
        await node.SendAsync(Topic, Value("v1", "\"c\"", 4));
        await node.SendAsync(Topic, Value("v1", "\"d\"", 9));
        await assemblies.PutAsync(new FeedAssembly { Feed = Feed });
        await node.SendAsync(Topic, Value("v1", "\"e\"", 10));
        (await assemblies.RemoveAsync(Feed)).ShouldBeTrue();
        (await assemblies.RemoveAsync(Feed)).ShouldBeFalse();

        node.Store.Rows(Feed).Select(r => (r["Pad.Height"], r["Verdict"])).ShouldBe(
            [(1.5, null), (null, "a"), (2.5, null), (2.5, "b"), (2.5, "c"), (null, "d"), (null, "e")]);
        assemblies.For(Feed).Mode.ShouldBe(AssemblyMode.Latest);
    }

    [Fact]
    public async Task Put_CycleAndBack_BeginsAndEndsThePeriods()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var assemblies = node.Get<IAssemblies>();
        await node.SendAsync(MetadataTopic, Metadata());

        await assemblies.PutAsync(new FeedAssembly { Feed = Feed, Mode = AssemblyMode.Cycle, Period = TimeSpan.FromMilliseconds(10) });
        await node.SendAsync(Topic, Value("h1", "1.5", 0));
        await IngestNode.UntilAsync(() => node.Store.Rows(Feed).Count >= 3, "no rows of cycles");
        await assemblies.RemoveAsync(Feed);
        int before = node.Store.Rows(Feed).Count;
        await node.SendAsync(Topic, Value("v1", "\"x\"", 1));

        var rows = node.Store.Rows(Feed);
        rows[^1]["Verdict"].ShouldBe("x");
        rows[^1]["Pad.Height"].ShouldBeNull();
        rows.Count.ShouldBeInRange(before + 1, before + 2, "at most the cycle that was on its way ends behind the removal");
        rows.SkipLast(1).ShouldAllBe(r => Equals(r["Pad.Height"], 1.5));
    }

    [Fact]
    public async Task Put_ShapeOfAnAnnouncedCollection_MakesItLongAndWideAgain()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var assemblies = node.Get<IAssemblies>();
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Value("h1", "1.5", 0));

        await assemblies.PutAsync(new FeedAssembly { Feed = Feed, Shape = FeedShape.Long });
        await node.SendAsync(Topic, Value("h1", "2.5", 1));
        await assemblies.PutAsync(new FeedAssembly { Feed = Feed, Shape = FeedShape.Wide });
        await node.SendAsync(Topic, Value("h1", "3.5", 2));

        var rows = node.Store.Rows(Feed);
        rows[0]["Pad.Height"].ShouldBe(1.5);
        (rows[1]["point"], rows[1]["float64"], rows[1]["Pad.Height"]).ShouldBe(("Pad.Height", 2.5, null));
        (rows[2]["point"], rows[2]["Pad.Height"]).ShouldBe((null, 3.5));
        node.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public async Task Shape_OfACollectionThatComesLater_CountsFromItsFirstMessage()
    {
        await using IngestNode node = await IngestNode.StartAsync([$"Ingest:Assembly:0:Feed={Feed}", "Ingest:Assembly:0:Shape=Long"]);
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Value("v1", "\"x\"", 1));

        node.Store.Find(Feed)!.Fields.Select(f => f.Name).ShouldBe(["point", "uInt64", "float64", "text"], ignoreOrder: true);
        node.Store.Rows(Feed).ShouldHaveSingleItem()["point"].ShouldBe("Verdict");
    }

    [Fact]
    public async Task Configuration_SeedsOnceThenTheCatalogRules()
    {
        string[] settings = ["Ingest:Assembly:0:Feed=a.*", "Ingest:Assembly:0:Mode=Latest", "Ingest:Assembly:1:Feed=b", "Ingest:Assembly:1:Mode=Cycle", "Ingest:Assembly:1:Period=00:00:05"];
        await using (IngestNode node = await IngestNode.StartAsync(settings, folder: _folder))
        {
            var assemblies = node.Get<IAssemblies>();
            assemblies.List().Select(a => (a.Feed, a.Mode)).ShouldBe([("a.*", AssemblyMode.Latest), ("b", AssemblyMode.Cycle)]);
            await assemblies.RemoveAsync("a.*");
            await assemblies.PutAsync(new FeedAssembly { Feed = "b", Mode = AssemblyMode.Latest });
            await assemblies.PutAsync(new FeedAssembly { Feed = "b.c", Mode = AssemblyMode.Cycle });
        }

        await using IngestNode again = await IngestNode.StartAsync([.. settings, "Ingest:Assembly:2:Feed=d", "Ingest:Assembly:2:Shape=Long"], folder: _folder);
        again.Get<IAssemblies>().List().ShouldBe([new FeedAssembly { Feed = "b", Mode = AssemblyMode.Latest }, new FeedAssembly { Feed = "b.c", Mode = AssemblyMode.Cycle }, new FeedAssembly { Feed = "d", Shape = FeedShape.Long }]);
    }

    [Fact]
    public async Task For_SeveralEntriesNameAFeed_TheMostSpecificCounts()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var assemblies = node.Get<IAssemblies>();
        foreach ((string feed, int seconds) in new[] { ("*", 1), ("s7c1.*", 2), ("s7c1.press.*", 3), ("s7c1.press.values", 4) })
            await assemblies.PutAsync(new FeedAssembly { Feed = feed, MaxAge = TimeSpan.FromSeconds(seconds) });

        new[] { "x", "s7c1.a.b", "s7c1.press.b", "s7c1.press.values" }.Select(f => assemblies.For(f).MaxAge.TotalSeconds).ShouldBe([1, 2, 3, 4]);
        await assemblies.RemoveAsync("*");
        assemblies.For("x").ShouldBe(new FeedAssembly { Feed = "x" });
    }

    [Theory]
    [InlineData("", "Feed is empty")]
    [InlineData("S7C1.*", "Ids are lower case: 's7c1.")]
    [InlineData("a*b", "a * stands only at the end")]
    public async Task Put_WhatCannotWork_NamesEveryReason(string feed, string expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();

        string message = (await Should.ThrowAsync<ArgumentException>(() => node.Get<IAssemblies>().PutAsync(
            new FeedAssembly { Feed = feed, Mode = (AssemblyMode)9, MaxAge = TimeSpan.Zero, Period = TimeSpan.FromDays(2) }))).Message;

        foreach (string reason in new[] { expected, "Mode is '9'", "MaxAge is 00:00:00", "Period is 2.00:00:00" })
            message.ShouldContain(reason);
        node.Get<IAssemblies>().List().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ConfigurationFormat.Yaml)]
    [InlineData(ConfigurationFormat.Json)]
    public async Task Export_ImportedOnAnotherNode_GivesTheSameAssembliesAndMappings(ConfigurationFormat format)
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.Get<IAssemblies>().PutAsync(new FeedAssembly { Feed = "a.*", Mode = AssemblyMode.Latest, MaxAge = TimeSpan.FromSeconds(10) });
        await node.Get<IAssemblies>().PutAsync(new FeedAssembly { Feed = "b", Mode = AssemblyMode.Cycle, Period = TimeSpan.FromMilliseconds(250), Shape = FeedShape.Wide });
        await node.Get<IMappings>().AddAsync(new JsonMapping { Id = "m1", Topic = "plant/+", Feed = "plant.{2}", Fields = [new JsonMappingField("p", "a[0].b") { Type = FieldType.Float64, Unit = "bar" }], TopicFields = new Dictionary<string, int> { ["line"] = 2 } });
        string file = node.Get<INodeConfiguration>().Export(format);

        await using IngestNode other = await IngestNode.StartAsync();
        await other.Get<IAssemblies>().PutAsync(new FeedAssembly { Feed = "c", Mode = AssemblyMode.Latest });
        await other.Get<IMappings>().AddAsync(new JsonMapping { Id = "m2", Topic = "x", Feed = "x" });
        IReadOnlyDictionary<string, int> changed = await other.Get<INodeConfiguration>().ImportAsync(file, ImportMode.Replace);

        (changed["assembly"], changed["mappings"]).ShouldBe((3, 2));
        other.Get<IAssemblies>().List().ShouldBe(node.Get<IAssemblies>().List());
        other.Get<INodeConfiguration>().Export(format).ShouldBe(file);
        (await other.Get<INodeConfiguration>().ImportAsync(file)).Values.Sum().ShouldBe(0);
        await other.SendAsync("plant/7", """{"a":[{"b":3}]}""");
        other.Store.Rows("plant.7").ShouldHaveSingleItem()["p"].ShouldBe(3.0);
    }

    [Fact]
    public async Task Import_WithoutWhatHasADefault_TakesTheDefault()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.Get<INodeConfiguration>().ImportAsync("mlopsConfiguration: 1\nassembly: {a.*: {mode: latest}}\nmappings: {m: {topic: plant/+, feed: plant}}\n");

        node.Get<IAssemblies>().List().ShouldBe([new FeedAssembly { Feed = "a.*", Mode = AssemblyMode.Latest }]);
        JsonMapping mapping = node.Get<IMappings>().List().ShouldHaveSingleItem();
        (mapping.TimestampField, mapping.Records, mapping.Fields.Count).ShouldBe(("timestamp", "", 0));
    }

    [Theory]
    [InlineData("assembly: []", "not a group of entries by feed")]
    [InlineData("assembly: {a: {mod: latest}}", "'mod'")]
    [InlineData("assembly: {a: {maxAge: \"-1\"}}", "assembly, 'a'")]
    [InlineData("assembly: {A: {mode: latest}}", "Ids are lower case: 'a'")]
    [InlineData("assembly: {a: {mode: sometimes}}", "$.mode")]
    [InlineData("mappings: []", "not a group of mappings by id")]
    [InlineData("mappings: {m: {topic: a/+}}", "feed")]
    [InlineData("mappings: {m: {topic: a/#/b, feed: x}}", "'a/#/b', which is not a topic filter")]
    [InlineData("mappings: {m: {topic: a, feed: x, fild: 1}}", "'fild'")]
    public async Task Import_WrongFile_SaysWhyAndChangesNothing(string part, string expected)
    {
        await using IngestNode node = await IngestNode.StartAsync();

        (await Should.ThrowAsync<NodeConfigurationException>(() => node.Get<INodeConfiguration>().ImportAsync(
            "mlopsConfiguration: 1\nassembly: {good: {mode: latest}}\n".Replace(part.StartsWith("assembly", StringComparison.Ordinal) ? "assembly: {good: {mode: latest}}\n" : "\u0000", "", StringComparison.Ordinal) + part))).Message.ShouldContain(expected);

        node.Get<IAssemblies>().List().ShouldBeEmpty();
        node.Get<IMappings>().List().ShouldBeEmpty();
    }

    private static string Value(string id, string json, int second) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""{"seq":{{second}},"vals":[{"id":"{{id}}","val":{{json}},"ts":"2026-01-01T00:00:{{second:00}}Z","qc":3}]}""");
}

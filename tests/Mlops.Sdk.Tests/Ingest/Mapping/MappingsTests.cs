using Mlops.Data;
using Mlops.Ingest.Mapping;

namespace Mlops.Tests.Ingest.Mapping;

public sealed class MappingsTests
{
    [Fact]
    public async Task AddChangeRemove_AtRunTime_TakeEffectAtOnce()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var mappings = node.Get<IMappings>();

        JsonMapping added = await mappings.AddAsync(new JsonMapping { Topic = "plant/+", Feed = "all" });
        await node.SendAsync("plant/1", """{"a":1}""");
        await mappings.ChangeAsync(added with { Feed = "other" });
        await node.SendAsync("plant/1", """{"a":2}""");
        (await mappings.RemoveAsync(added.Id)).ShouldBeTrue();
        (await mappings.RemoveAsync(added.Id)).ShouldBeFalse();
        await node.Bus.Deliver("plant/1", """{"a":3}""", number: 1);

        node.Store.Rows("all").ShouldHaveSingleItem()["a"].ShouldBe(1.0);
        node.Store.Rows("other").ShouldHaveSingleItem()["a"].ShouldBe(2.0);
        mappings.List().ShouldBeEmpty();
        node.Bus.Filters.ShouldNotContain("plant/+");
    }

    [Fact]
    public async Task Configuration_SeedsOnceThenTheCatalogRules()
    {
        string folder = Directory.CreateTempSubdirectory("mlops-mappings-").FullName;
        string[] settings = ["Ingest:Subscriptions:0:Topic=a/+", "Ingest:Subscriptions:0:Feed=a", "Ingest:Subscriptions:1:Topic=b/+", "Ingest:Subscriptions:1:Feed=b",
            "Ingest:Subscriptions:1:Values:p=pressure_bar", "Ingest:Subscriptions:1:Types:p=Int64", "Ingest:Subscriptions:1:Units:p=bar", "Ingest:Subscriptions:1:TopicFields:line=2"];
        try
        {
            await using (IngestNode node = await IngestNode.StartAsync(settings, folder: folder))
            {
                var mappings = node.Get<IMappings>();
                mappings.List().Select(m => m.Topic).ShouldBe(["a/+", "b/+"]);
                await node.SendAsync("b/7", """{"pressure_bar":3}""");
                node.Store.Find("b")!.Fields.ShouldBe([new FeedField("line", FieldType.Text), new FeedField("p", FieldType.Int64) { Unit = "bar" }], ignoreOrder: true);
                node.Store.Rows("b").ShouldHaveSingleItem()["line"].ShouldBe("7");
                await mappings.RemoveAsync(mappings.List()[0].Id);
                await mappings.ChangeAsync(mappings.List()[0] with { Feed = "changed" });
                await mappings.AddAsync(new JsonMapping { Id = "mine", Topic = "c", Feed = "c" });
            }

            await using IngestNode again = await IngestNode.StartAsync([.. settings, "Ingest:Subscriptions:2:Topic=d/+", "Ingest:Subscriptions:2:Feed=d"], folder: folder);
            again.Get<IMappings>().List().Select(m => (m.Topic, m.Feed)).ShouldBe([("b/+", "changed"), ("c", "c"), ("d/+", "d")]);
            again.Get<IMappings>().List()[0].Fields.ShouldBe([new JsonMappingField("p", "pressure_bar") { Type = FieldType.Int64, Unit = "bar" }]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task AddAsync_WhatCannotWork_NamesEveryReason()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var mappings = node.Get<IMappings>();

        var error = await Should.ThrowAsync<ArgumentException>(() => mappings.AddAsync(new JsonMapping
        {
            Topic = "a/#/b",
            Feed = "x.{y}",
            Fields = [new JsonMappingField("p", "v"), new JsonMappingField("q", "v"), new JsonMappingField("r", "")],
            TopicFields = new Dictionary<string, int> { ["p"] = 0 },
        }));

        foreach (string reason in new[] { "'a/#/b'", "counted from 1, as in", "'v' stands for several fields (p, q)", "Values:r is empty", "'p' is filled twice", "TopicFields:p is 0" })
            error.Message.ShouldContain(reason);
        await Should.ThrowAsync<ArgumentException>(() => mappings.ChangeAsync(new JsonMapping { Id = "nobody", Topic = "a", Feed = "a" }));
        await mappings.AddAsync(new JsonMapping { Id = "one", Topic = "a", Feed = "a" });
        await Should.ThrowAsync<ArgumentException>(() => mappings.AddAsync(new JsonMapping { Id = "one", Topic = "a", Feed = "a" }));
        mappings.List().Count.ShouldBe(1);
    }

    [Fact]
    public async Task ProposeAsync_MessagesOfSeveralTopics_GivesAMappingThatCanBeAccepted()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var mappings = node.Get<IMappings>();

        Task<MappingProposal> learning = mappings.ProposeAsync("plant/+/press", IngestNode.Patience, maxMessages: 3);
        await IngestNode.UntilAsync(() => node.Bus.Filters.Contains("plant/+/press"), "nobody watches");
        await node.Bus.Deliver("plant/4/press", """{"time":1767225600123,"oil_temp_c":40.5,"pressureBar":3,"ok":true,"part":"A-1","wave":[1,2],"from":"2026-01-01T00:00:00Z","gone":null}""", 1);
        await node.Bus.Deliver("plant/5/press", """{"time":1767225601123,"oil_temp_c":41,"pressureBar":3,"ok":false,"part":7,"wave":[],"from":"2026-01-01T00:00:01Z","axis":{"speed_rpm":900}}""", 2);
        await node.Bus.Deliver("plant/5/press", "not json", 3);
        MappingProposal proposal = await learning;

        node.Bus.Acknowledged.ShouldBe([1, 2, 3]);
        (proposal.Messages, proposal.Records).ShouldBe((3, 2));
        proposal.Topics.ShouldBe(["plant/4/press", "plant/5/press"]);
        JsonMapping mapping = proposal.Mapping!;
        (mapping.Feed, mapping.TimestampField, mapping.TimestampFormat).ShouldBe(("plant.press", "time", TimestampFormat.Milliseconds));
        mapping.TopicFields.ShouldBe([new KeyValuePair<string, int>("topic2", 2)]);
        mapping.Fields.Select(f => (f.Field, f.Type, f.Unit)).ShouldBe([
            ("oil_temp_c", FieldType.Float64, "°C"), ("pressureBar", FieldType.Float64, "bar"), ("ok", FieldType.Boolean, null), ("part", FieldType.Text, null),
            ("wave", FieldType.Float64List, null), ("from", FieldType.Timestamp, null), ("axis.speed_rpm", FieldType.Float64, "1/min")]);
        proposal.Notes.ShouldBe([
            "1 of 3 messages were not JSON.", "'part' has values of several types and is taken as text.",
            "'gone' never had a value and is left out.", "'axis.speed_rpm' is in 1 of 2 records."], ignoreOrder: true);

        await mappings.AddAsync(mapping);
        await node.SendAsync("plant/9/press", """{"time":1767225600123,"oil_temp_c":40.5,"part":5,"wave":[1.5],"from":"2026-01-01T00:00:00Z"}""");
        Dictionary<string, object?> row = node.Store.Rows("plant.press").ShouldHaveSingleItem();
        row["_timestamp"].ShouldBe(1_767_225_600_123_000_000L);
        row["topic2"].ShouldBe("9");
        row["part"].ShouldBe("5");
        row["wave"].ShouldBe(new[] { 1.5 });
        row["from"].ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600));
    }

    [Fact]
    public async Task ProposeAsync_RecordsInAList_FindsWhereTheyStand()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var mappings = node.Get<IMappings>();

        Task<MappingProposal> learning = mappings.ProposeAsync("m", IngestNode.Patience, maxMessages: 1);
        await IngestNode.UntilAsync(() => node.Bus.Filters.Contains("m"), "nobody watches");
        await node.Bus.Deliver("m", """{"device":"x","readings":[{"ts":1767225600,"v":1},{"ts":1767225601,"v":2}],"n":2}""", 1);
        JsonMapping mapping = (await learning).Mapping!;

        (mapping.Records, mapping.TimestampField, mapping.TimestampFormat).ShouldBe(("readings", "ts", TimestampFormat.Seconds));
        await mappings.AddAsync(mapping);
        await node.SendAsync("m", """{"device":"x","readings":[{"ts":1767225600,"v":1},{"ts":1767225601,"v":2}],"n":2}""");
        node.Store.Rows("m").Select(r => r["v"]).ShouldBe([1.0, 2.0]);
        node.Store.Rows("m")[1]["_timestamp"].ShouldBe(1_767_225_601_000_000_000L);
    }

    [Fact]
    public async Task ProposeAsync_MoreThanIsLookedAt_SaysWhatWasLeftOut()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        Task<MappingProposal> learning = node.Get<IMappings>().ProposeAsync("wide/#", IngestNode.Patience, maxMessages: 102);
        await IngestNode.UntilAsync(() => node.Bus.Filters.Contains("wide/#"), "nobody watches");
        await node.Bus.Deliver("wide/0", "{" + string.Join(',', Enumerable.Range(0, 1_003).Select(i => $"\"f{i}\":1")) + "}", 1);
        await node.Bus.Deliver("wide/1", "[" + string.Join(',', Enumerable.Repeat("{\"f0\":1}", 105)) + "]", 2);
        for (int i = 2; i < 102; i++)
            await node.Bus.Deliver($"wide/{i}", "{\"f0\":1}", i + 1);
        MappingProposal proposal = await learning;

        proposal.Notes.ShouldContain(n => n.StartsWith("3 values of further fields were left out", StringComparison.Ordinal));
        proposal.Notes.ShouldContain(n => n.StartsWith("5 records were not looked at", StringComparison.Ordinal));
        proposal.Notes.ShouldContain(n => n.StartsWith("Only the first 100 topics", StringComparison.Ordinal));
        proposal.Mapping!.Fields.Count.ShouldBe(1_000);
    }

    [Fact]
    public async Task ProposeAsync_NothingComes_SaysSoWhenTheTimeIsOver()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        MappingProposal proposal = await node.Get<IMappings>().ProposeAsync("m", TimeSpan.FromMilliseconds(20));

        proposal.Mapping.ShouldBeNull();
        proposal.Messages.ShouldBe(0);
        node.Bus.Filters.ShouldNotContain("m");
        await Should.ThrowAsync<ArgumentException>(() => node.Get<IMappings>().ProposeAsync("ie/#", TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("oil_temp_c", "°C")]
    [InlineData("motor.speed-rpm", "1/min")]
    [InlineData("pressureBar", "bar")]
    [InlineData("length mm", "mm")]
    [InlineData("c", null)]
    [InlineData("basic", null)]
    [InlineData("axis.c", null)]
    public void Guess_Name_KnowsTheUnitOfItsEnd(string name, string? unit) => UnitNames.Guess(name).ShouldBe(unit);
}

using System.Text;
using Mlops.Ingest;
using Mlops.Ingest.Mapping;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Ingest;

public sealed class DeadLettersTests
{
    [Fact]
    public async Task List_AfterSeveralFailures_NamesTopicReasonTimeAndPayload()
    {
        await using IngestNode node = await StartAsync();
        await node.SendAsync("plant/1", "{broken");
        await node.SendAsync("other/1", "\u0001\u0002");
        var letters = node.Get<IDeadLetters>();

        IReadOnlyList<DeadLetterInfo> all = letters.List();

        all.Select(l => l.Topic).ShouldBe(["other/1", "plant/1"]);
        all[1].Reason.ShouldContain("cannot be read");
        Encoding.UTF8.GetString(all[1].Payload.Span).ShouldBe("{broken");
        all[0].Payload.ToArray().ShouldBe([1, 2]);
        Dictionary<string, string> sources = node.Get<IMappings>().List().ToDictionary(m => m.Feed, m => $"mapping/{m.Id}");
        all.Select(l => (l.Cause, l.Source)).ShouldBe([(DeadLetterCause.Unreadable, sources["other"]), (DeadLetterCause.Unreadable, sources["plant"])]);
        all.ShouldAllBe(l => l.IsWhole && l.Time > DateTimeOffset.UtcNow.AddHours(-1));
        letters.List(limit: 1).ShouldHaveSingleItem().Id.ShouldBe(all[0].Id);
        letters.List(topicFilter: "plant/#").ShouldHaveSingleItem().Topic.ShouldBe("plant/1");
        letters.Find(all[1].Id)!.Topic.ShouldBe("plant/1");
        letters.Find("nothing").ShouldBeNull();
        Should.Throw<ArgumentException>(() => letters.List(topicFilter: "a/#/b"));
    }

    [Fact]
    public async Task Counts_ForEachCauseAndSource_AreKeptAlsoWhenTheLettersAreGone()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Databus:MetadataTimeout=00:00:10", "Databus:MaxBuffered=0", "Ingest:DeadLetters:MaxPayloadBytes=6", "Ingest:MaxFields=3"]);
        var mappings = node.Get<IMappings>();
        await mappings.AddAsync(new JsonMapping { Id = "plant", Topic = "plant/#", Feed = "plant.{2}" });
        await node.SendAsync("plant/1", "{broken");
        await node.SendAsync("plant/1", "{bad");
        await node.SendAsync("plant", "{}");
        await node.SendAsync("plant/2", """{"a":1,"b":1,"c":1,"d":1}""");
        await node.SendAsync(MetadataTopic, "no metadata");
        await node.SendAsync(StatusTopic, "no status");
        await node.SendAsync(Topic, Bulk(1, 1.5));
        var letters = node.Get<IDeadLetters>();
        letters.Delete([.. letters.List().Select(l => l.Id)]).ShouldBe(7);

        letters.Counts().Select(c => (c.Cause, c.Source, c.Count)).ShouldBe(
        [
            (DeadLetterCause.Unreadable, "mapping/plant", 2),
            (DeadLetterCause.Unreadable, "databus/aoi1", 1),
            (DeadLetterCause.BadMetadata, "databus/aoi1", 1),
            (DeadLetterCause.WaitingRoomFull, "databus/aoi1", 1),
            (DeadLetterCause.NoFeed, "mapping/plant", 1),
            (DeadLetterCause.NotStorable, "mapping/plant", 1),
        ]);
        letters.Counts().ShouldAllBe(c => c.LastReason.Length > 10 && c.Last > DateTimeOffset.UtcNow.AddHours(-1));
        node.Report.DeadLetters.ShouldBe(7);
        node.Report.DeadLetterCauses[DeadLetterCause.Unreadable].ShouldBe(3);
        node.Report.DeadLetterCauses.Values.Sum().ShouldBe(7);
        node.Report.DeadLetterCauses.Keys.ShouldNotContain(DeadLetterCause.WrongLayout);
        node.Report.DeadLettersCut.ShouldBe(5);
    }

    [Fact]
    public async Task Replay_TopicOfTwoMappings_GoesOnlyToTheOneThatFailed()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var mappings = node.Get<IMappings>();
        await mappings.AddAsync(new JsonMapping { Topic = "plant/+", Feed = "whole" });
        JsonMapping wrong = await mappings.AddAsync(new JsonMapping { Topic = "plant/#", Feed = "list", Records = "wrong" });
        await node.SendAsync("plant/1", """{"list":[{"a":1}]}""");
        await IngestNode.UntilAsync(() => node.DeadLetters().Length == 1 && node.Store.Rows("whole").Count == 1, "the message was not taken by both");
        await mappings.ChangeAsync(wrong with { Records = "list" });

        (await node.Get<IDeadLetters>().ReplayAsync([node.Get<IDeadLetters>().List().ShouldHaveSingleItem().Id])).Replayed.ShouldBe(1);

        node.Store.Rows("list").ShouldHaveSingleItem()["a"].ShouldBe(1.0);
        node.Store.Rows("whole").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Replay_AfterTheMappingWasMended_StoresTheMessageAndDropsTheLetter()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        var mappings = node.Get<IMappings>();
        JsonMapping mapping = await mappings.AddAsync(new JsonMapping { Topic = "plant/+", Feed = "plant", Records = "wrong" });
        await node.SendAsync("plant/1", """{"list":[{"a":1}]}""");
        await node.SendAsync("plant/1", "{broken");
        await mappings.ChangeAsync(mapping with { Records = "list" });
        var letters = node.Get<IDeadLetters>();
        string[] ids = [.. letters.List().Select(l => l.Id)];

        ReplayResult result = await letters.ReplayAsync([.. ids, "nothing"]);

        result.Replayed.ShouldBe(2);
        result.Left.ShouldBe([new KeyValuePair<string, string>("nothing", "There is no such letter.")]);
        node.Store.Rows("plant").ShouldHaveSingleItem()["a"].ShouldBe(1.0);
        DeadLetterInfo again = letters.List().ShouldHaveSingleItem();
        again.Id.ShouldNotBeOneOf(ids);
        Encoding.UTF8.GetString(again.Payload.Span).ShouldBe("{broken");
    }

    [Fact]
    public async Task Replay_ValueWhoseMetadataCameLate_IsStored()
    {
        await using IngestNode node = await IngestNode.StartAsync(["Databus:MetadataTimeout=00:00:00.050"]);
        await node.SendAsync(Topic, Bulk(1, 1.5));
        await node.SendAsync(MetadataTopic, Metadata());
        var letters = node.Get<IDeadLetters>();

        ReplayResult result = await letters.ReplayAsync([letters.List().ShouldHaveSingleItem().Id]);

        result.Replayed.ShouldBe(1);
        node.Store.Rows(Feed).ShouldHaveSingleItem()["Pad.Height"].ShouldBe(1.5);
        letters.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_CutOrWantedByNobody_IsLeftWithTheReason()
    {
        await using IngestNode node = await StartAsync(["Ingest:DeadLetters:MaxPayloadBytes=4"]);
        await node.SendAsync("plant/1", "{broken");
        await node.SendAsync("plant/2", "{");
        foreach (JsonMapping mapping in node.Get<IMappings>().List().ToList())
            await node.Get<IMappings>().RemoveAsync(mapping.Id);
        var letters = node.Get<IDeadLetters>();
        DeadLetterInfo[] all = [.. letters.List()];

        ReplayResult result = await letters.ReplayAsync([.. all.Select(l => l.Id)]);

        result.Replayed.ShouldBe(0);
        result.Left[all[1].Id].ShouldContain("Only 4 of its 7 bytes were kept");
        result.Left[all[0].Id].ShouldContain("Nobody takes messages on 'plant/2'");
        letters.List().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Delete_SomeOfThem_KeepsTheOthersAndGoesOnWriting()
    {
        await using IngestNode node = await StartAsync();
        for (int i = 0; i < 5; i++)
            await node.SendAsync($"plant/{i}", "{");
        var letters = node.Get<IDeadLetters>();
        DeadLetterInfo[] all = [.. letters.List()];

        letters.Delete([all[0].Id, all[3].Id, "nothing"]).ShouldBe(2);
        await node.SendAsync("plant/5", "{");
        letters.List().Select(l => l.Topic).ShouldBe(["plant/5", "plant/3", "plant/2", "plant/0"]);

        letters.Delete([.. letters.List().Select(l => l.Id)]).ShouldBe(4);
        letters.List().ShouldBeEmpty();
        await node.SendAsync("plant/6", "{");
        letters.List().ShouldHaveSingleItem();
    }

    private static Task<IngestNode> StartAsync(string[]? settings = null) => IngestNode.StartAsync(
        ["Ingest:Subscriptions:0:Topic=plant/+", "Ingest:Subscriptions:0:Feed=plant", "Ingest:Subscriptions:1:Topic=other/+", "Ingest:Subscriptions:1:Feed=other", .. settings ?? []]);
}

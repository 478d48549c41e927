using Mlops.Databus;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class DatabusAppsTests
{
    [Fact]
    public async Task OwnApp_ItsPredictions_AreAcknowledgedAndNotTakenIn()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync("ie/m/j/simatic/v1/node1/dp", MetadataOf("Real"));
        await node.SendAsync("ie/d/j/simatic/v1/node1/dp/r/pcb/answers", """{"vals":[{"id":"1","val":5}]}""");
        await node.SendAsync("ie/s/j/simatic/v1/node1/status", "{}");

        node.Store.List().ShouldBeEmpty();
        node.Report.DeadLetters.ShouldBe(0);
        node.Get<IDatabus>().Apps().ShouldBeEmpty();
    }

    [Fact]
    public async Task WriteTopic_WithoutCollection_IsNotSubscribedTo()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());

        node.Bus.Filters.ShouldNotContain(f => Mlops.Mqtt.MqttTopicFilter.Matches(f, "ie/d/j/simatic/v1/aoi1/dp/w/Line4"));
    }

    [Fact]
    public async Task Status_OfAnApp_IsRemembered()
    {
        await using IngestNode node = await IngestNode.StartAsync();

        await node.SendAsync(StatusTopic, """{"seq":1,"ts":"2026-01-01T00:00:00Z","connector":{"status":"good"},"connections":[{"name":"Line4","status":"stopped"},7]}""");
        DatabusAppInfo app = node.Get<IDatabus>().Apps().ShouldHaveSingleItem();
        app.Status.ShouldBe("good");
        app.Connections["Line4"].ShouldBe("stopped");
        await node.SendAsync(StatusTopic, """{"connector":{"status":"unavailable"}}""");
        node.Get<IDatabus>().Apps()[0].Status.ShouldBe("unavailable");

        await node.SendAsync(StatusTopic, "oops");
        node.DeadLetters().ShouldHaveSingleItem().ShouldContain("The status cannot be read");
    }

    [Fact]
    public async Task Feeds_AppOrConnectionAway_AreStaleUntilItIsBack()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        await node.SendAsync(MetadataTopic, Metadata());
        await node.SendAsync(Topic, Bulk(3, 1));
        await node.SendAsync(Topic, Bulk(6, 1));
        IReadOnlyList<DatabusFeedInfo> Feeds() => node.Get<IDatabus>().Feeds();
        Feeds().Select(f => f.StaleReason).ShouldBe([null, null]);
        Feeds()[0].Missing.ShouldBe(2);
        Feeds()[0].LastValue.ShouldNotBeNull();
        Feeds()[0].Writable.ShouldBe(["Verdict"]);
        Feeds()[1].LastValue.ShouldBeNull();

        await node.SendAsync(StatusTopic, """{"connector":{"status":"good"},"connections":[{"name":"Line4","status":"stopped"}]}""");
        Feeds().ShouldAllBe(f => f.StaleReason == "App 'aoi1' says that its connection 'Line4' is stopped." && f.StaleSince != null);
        node.Report.StaleFeeds.ShouldBe(2);
        await node.SendAsync(StatusTopic, """{"connector":{"status":"unavailable"}}""");
        Feeds()[1].StaleReason.ShouldBe("App 'aoi1' says that it is unavailable.");
        await node.SendAsync(StatusTopic, """{"connector":{"status":"available"},"connections":[{"name":"Line4","status":"good"}]}""");
        Feeds().ShouldAllBe(f => f.StaleReason == null && f.StaleSince == null);
        node.Report.StaleFeeds.ShouldBe(0);
    }
}

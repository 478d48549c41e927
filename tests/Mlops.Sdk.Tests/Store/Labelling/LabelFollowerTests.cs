using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store.Labelling;

public class LabelFollowerTests
{
    private static readonly string[] Settings = ["Labels:0:From=station.labels", "Labels:0:Feed=line.boards", "Labels:0:Set=quality"];

    [Fact]
    public async Task Running_RecordsOfTheFeedOfLabels_BecomeLabelsOnceAcrossRestarts()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: Settings);
        FeedSchema schema = await node.DeclareAsync("station.labels", ("source_seq", FieldType.Float64), ("label", FieldType.Text), ("author", FieldType.Text));
        using RecordBatch batch = await node.BuildAsync(schema, (1, [5.0, "good", "ann"]), (2, [6.0, "bad", null]), (3, [null, "bad", null]), (4, [7.5, "bad", null]));
        node.Tail.Publish(batch);
        await node.CommitAsync(batch);
        await HasLabelsAsync(node, 2);
        await node.StopAsync();

        await using StoreNode again = await StoreNode.StartAsync(node.Folder, Settings);
        await again.CommitAsync(schema, (5, [8.0, "good", "bob"]));
        await HasLabelsAsync(again, 3);

        again.Get<ILabels>().List("line.boards", "quality").Select(l => (l.Sequence, l.Value, l.Author, l.Source)).ShouldBe([
            (8, "good", "bob", "station.labels"), (6, "bad", null, "station.labels"), (5, "good", "ann", "station.labels")]);
        node.Logs.Texts(1013).ShouldHaveSingleItem().ShouldContain("2 records were no labels");
    }

    [Theory]
    [InlineData("board", "KeyField=board KeyValue=b-1")]
    [InlineData("_position", "")]
    public async Task Running_WithTargetField_NamesRecordsByIt(string target, string expected)
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: [.. Settings, $"Labels:0:TargetField={target}", "Labels:0:KeyField=key", "Labels:0:ValueField=ok"]);
        FeedSchema schema = await node.DeclareAsync("station.labels", ("key", FieldType.Text), ("ok", FieldType.Boolean));

        await node.CommitAsync(schema, (1, [expected.Length == 0 ? "17" : "b-1", true]));

        await HasLabelsAsync(node, 1);
        Label label = node.Get<ILabels>().List("line.boards")[0];
        (label.KeyField, label.KeyValue, label.Position).ShouldBe(expected.Length == 0 ? (null, null, 17L) : ("board", "b-1", (long?)null));
        label.Value.ShouldBe("true");
    }

    [Fact]
    public async Task StartAsync_UselessBindings_ListsAllFaults()
    {
        string message = (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => StoreNode.StartAsync(settings: ["Labels:0:From=a", "Labels:1:Feed=b", "Labels:2:From=c", "Labels:2:Feed=d", "Labels:3:From=c", "Labels:3:Feed=d"]))).Message;

        message.ShouldContain("Mlops:Labels:0:Feed is empty");
        message.ShouldContain("Mlops:Labels:1:From is empty");
        message.ShouldContain("binds 'c' to 'd' as 'label' 2 times");
    }

    private static Task HasLabelsAsync(StoreNode node, int count) =>
        Eventually.IsTrueAsync(() => node.Get<ILabels>().List("line.boards").Count >= count, $"{count} labels are taken");
}

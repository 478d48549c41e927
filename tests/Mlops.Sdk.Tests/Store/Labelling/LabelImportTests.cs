using System.Text;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store.Labelling;

public class LabelImportTests
{
    [Fact]
    public async Task ImportAsync_EveryWayOfNaming_IsRead()
    {
        await using StoreNode node = await PartsAsync();

        (await ImportAsync(node, "row,value,author\n1,good,ann\n2,\"bad, \"\"really\"\"\",\n")).ShouldBe((2, 0));
        (await ImportAsync(node, "\uFEFFid,value\r\np1,good\r\n\r\np2,bad\r\n")).ShouldBe((2, 0));
        (await ImportAsync(node, "seq,ts,value,set\n7,2024-05-01T12:00:00,late,phase")).ShouldBe((1, 0));
        (await ImportAsync(node, "from,to,value\n2024-05-01,2024-05-02T00:00:00+02:00,warm\n1000,2000,cold")).ShouldBe((2, 0));

        IReadOnlyList<Label> labels = [.. node.Get<ILabels>().List("parts").Reverse()];
        labels.Select(l => (l.Set, l.Value, l.Author, l.Position, l.KeyField, l.KeyValue, l.Sequence, l.Time, l.From, l.To, l.Source)).ShouldBe([
            ("q", "good", "ann", 1L, null, null, null, null, null, null, "csv"),
            ("q", "bad, \"really\"", "me", 2L, null, null, null, null, null, null, "csv"),
            ("q", "good", "me", null, "id", "p1", null, null, null, null, "csv"),
            ("q", "bad", "me", null, "id", "p2", null, null, null, null, "csv"),
            ("phase", "late", "me", null, null, null, 7L, 1714564800000000000L, null, null, "csv"),
            ("q", "warm", "me", null, null, null, null, null, 1714521600000000000L, 1714600800000000000L, "csv"),
            ("q", "cold", "me", null, null, null, null, null, 1000L, 2000L, "csv")]);
    }

    [Fact]
    public async Task ImportAsync_BadLines_AreReportedAndTheRestIsTaken()
    {
        await using StoreNode node = await PartsAsync();

        LabelImport import = await node.Get<ILabels>().ImportAsync("parts", Text("row,value\n1,good\nx,bad\n3\n4,\n5,\"two\nlines\"\n6,fine\n7,\"open"), "q");

        (import.Added, import.Rejected).ShouldBe((3, 4));
        import.Problems.Select(p => (p.Line, p.Reason)).ShouldBe([
            (3L, "'x' in column 'row' is no whole number"),
            (4L, "it has 1 values, and the first line names 2"),
            (5L, "it has no value"),
            (9L, "Line 9: a quote is not closed. The rest of the text was not read.")]);
        node.Get<ILabels>().List("parts").Select(l => l.Value).ShouldBe(["fine", "two\nlines", "good"]);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("row\n1", "there is no column 'value'")]
    [InlineData("value\ngood", "exactly one way")]
    [InlineData("row,seq,value\n", "exactly one way")]
    [InlineData("from,value\n", "exactly one way")]
    [InlineData("nobody,value\n", "'nobody' is neither a column of labels")]
    [InlineData("row,,value\n", "column 2 has no name")]
    public async Task ImportAsync_FirstLineOfNoUse_IsRefused(string csv, string reason)
    {
        await using StoreNode node = await PartsAsync();

        (await Should.ThrowAsync<ArgumentException>(() => ImportAsync(node, csv))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task DeleteAsync_ALabel_StaysInTheHistoryAndCountsNoMore()
    {
        await using StoreNode node = await PartsAsync();
        var labels = node.Get<ILabels>();
        await labels.AddAsync("parts", [new Label { Set = "q", Value = "first", Position = 1 }, new Label { Set = "q", Value = "second", Position = 1 }]);
        Label second = labels.List("parts")[0];

        (await labels.DeleteAsync("parts", [second.Id, 999], "ann")).ShouldBe(1);
        (await labels.DeleteAsync("parts", [second.Id], "bob")).ShouldBe(0);
        (await labels.DeleteAsync("others", [1], "bob")).ShouldBe(0);

        labels.List("parts").Select(l => l.Value).ShouldBe(["first"]);
        IReadOnlyList<Label> history = labels.History("parts", "q");
        history.Select(l => (l.Value, l.DeletedBy, l.Deleted is not null)).ShouldBe([("second", "ann", true), ("first", null, false)]);
        using SelectedData data = await node.Get<ITrainingSelection>().SelectAsync(new SelectionRequest { Feed = "parts", Label = "q" }, CancellationToken.None);
        data.Data.Batches[0].Column("label").GetValue(0).ShouldBe("first");
    }

    private static async Task<StoreNode> PartsAsync()
    {
        StoreNode node = await StoreNode.StartAsync();
        await node.CommitAsync(await node.DeclareAsync("parts", ("id", FieldType.Text)), (1, ["p1"]), (2, ["p2"]));
        return node;
    }

    private static async Task<(int Added, long Rejected)> ImportAsync(StoreNode node, string csv)
    {
        LabelImport import = await node.Get<ILabels>().ImportAsync("parts", Text(csv), "q", "me");
        return (import.Added, import.Rejected);
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));
}

using Mlops.Store;

namespace Mlops.Tests.Store.Labelling;

public class LabelStoreTests
{
    [Fact]
    public async Task AddAsync_AllKinds_AreListedNewestFirstAlsoAfterRestart()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        Label[] labels =
        [
            new() { Set = "q", Value = "good", Position = 1, Author = "ann" },
            new() { Set = "q", Value = "bad", Sequence = 2, Time = 3 },
            new() { Set = "q", Value = "bad", KeyField = "board", KeyValue = "b-7", Source = "station" },
            new() { Set = "phase", Value = "heating", From = 10, To = 20, Created = 5 },
        ];
        var heard = new List<(string, int)>();
        var store = node.Get<ILabels>();
        store.Added += (feed, added) => heard.Add((feed, added.Count));

        (await store.AddAsync("f", labels)).ShouldBe(4);

        heard.ShouldBe([("f", 4)]);
        await node.AbandonAsync();
        await using StoreNode again = await StoreNode.StartAsync(node.Folder);
        IReadOnlyList<Label> listed = again.Get<ILabels>().List("f");
        listed.Select(l => l with { Created = 0, Id = 0 }).ShouldBe(labels.Reverse().Select(l => l with { Created = 0, Id = 0 }));
        listed[0].Created.ShouldBe(5);
        listed[1].Created.ShouldBeGreaterThan(0);
        again.Get<ILabels>().List("f", "phase").Count.ShouldBe(1);
        again.Get<ILabels>().List("f", "q", 2).Count.ShouldBe(2);
        again.Get<ILabels>().List("g").ShouldBeEmpty();
    }

    [Fact]
    public async Task AddAsync_HandlerThrows_KeepsTheLabelsAndTheWriter()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var store = node.Get<ILabels>();
        store.Added += (_, _) => throw new InvalidOperationException("handler");

        await store.AddAsync("f", [new() { Set = "q", Value = "good", Position = 1 }]);
        await store.AddAsync("f", [new() { Set = "q", Value = "good", Position = 2 }]);

        store.List("f").Count.ShouldBe(2);
        node.Logs.Texts(1015).Length.ShouldBe(2);
    }

    public static TheoryData<Label, string> Refused => new()
    {
        { new Label { Set = "q", Value = "v" }, "in 0 ways" },
        { new Label { Set = "q", Value = "v", Position = 1, Sequence = 1 }, "in 2 ways" },
        { new Label { Set = " ", Value = "v", Position = 1 }, "no set" },
        { new Label { Set = "q", Value = null!, Position = 1 }, "no value" },
        { new Label { Set = "q", Value = "v", KeyField = "a" }, "both its field and its value" },
        { new Label { Set = "q", Value = "v", From = 5, To = 5 }, "a later end" },
        { new Label { Set = "q", Value = "v", From = 5 }, "a later end" },
        { new Label { Set = "q", Value = "v", Position = 5, Time = 5 }, "narrows a sequence" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task AddAsync_UselessLabel_RefusesAllOfThem(Label label, string reason)
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var store = node.Get<ILabels>();

        ArgumentException error = await Should.ThrowAsync<ArgumentException>(() => store.AddAsync("f", [new() { Set = "q", Value = "good", Position = 1 }, label]));

        error.Message.ShouldContain("Label 2 for feed 'f'");
        error.Message.ShouldContain(reason);
        store.List("f").ShouldBeEmpty();
    }
}

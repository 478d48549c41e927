using System.Text;
using Mlops.Databus;
using Mlops.Tests.Store;

namespace Mlops.Tests.Databus;

public sealed class MetadataMemoryTests
{
    [Fact]
    public async Task KeepAsync_MoreVersionsThanAreKept_ForgetsTheOldestOfThatApp()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var memory = new MetadataMemory(node.Database);
        await KeepAsync(memory, "other", 1, "x");
        for (int version = 1; version <= MetadataMemory.Versions + 2; version++)
            await KeepAsync(memory, "app", version, $"v{version}");

        Texts(memory).ShouldBe(["other x", "app v3", "app v4", "app v5", "app v6"]);
    }

    [Fact]
    public async Task KeepAsync_SameAsTheNewest_WritesNothingAndAnOlderOneBecomesTheNewest()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var memory = new MetadataMemory(node.Database);

        (await KeepAsync(memory, "app", 1, "a")).ShouldBeTrue();
        (await KeepAsync(memory, "app", 2, "b")).ShouldBeTrue();
        (await KeepAsync(memory, "app", 2, "b")).ShouldBeFalse();
        (await KeepAsync(memory, "app", 2, "c")).ShouldBeTrue();
        (await KeepAsync(memory, "app", 1, "a")).ShouldBeTrue();

        Texts(memory).ShouldBe(["app c", "app a"]);
    }

    [Fact]
    public async Task KeepAsync_MoreBytesThanAreKept_ForgetsTheOldestOfAll()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var memory = new MetadataMemory(node.Database);
        for (int app = 0; app < 5; app++)
            await memory.KeepAsync($"app{app}", 1, new byte[20 << 20], CancellationToken.None);

        memory.Load().Select(m => m.App).ShouldBe(["app2", "app3", "app4"]);
    }

    private static ValueTask<bool> KeepAsync(MetadataMemory memory, string app, long hash, string payload) =>
        memory.KeepAsync(app, hash, Encoding.UTF8.GetBytes(payload), CancellationToken.None);

    private static IEnumerable<string> Texts(MetadataMemory memory) => memory.Load().Select(m => $"{m.App} {Encoding.UTF8.GetString(m.Payload)}");
}

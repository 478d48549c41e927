using Mlops.Store;
using Mlops.Testing.Store;

namespace Mlops.Tests.Store;

public class FeedStoreContractTests
{
    public static TheoryData<string> Names => [.. FeedStoreContract.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Store_EveryPromise_IsKept(string name)
    {
        await using Fixture fixture = await Fixture.StartAsync();
        await FeedStoreContract.RunAsync(name, fixture);
    }

    [Fact]
    public async Task RunAsync_StoreBreaksThePromise_SaysWhatWasWantedAndFound()
    {
        await using Fixture fixture = await Fixture.StartAsync();
        await fixture.Store.DeclareAsync(new FeedDeclaration(null, "f", [new("n", Mlops.Data.FieldType.Int64)]));

        (await Should.ThrowAsync<ContractViolationException>(() => FeedStoreContract.RunAsync("Declare_Useless_IsRefused", fixture)))
            .Message.ShouldBe("A refused declaration creates nothing. Wanted: 0; found: 1.");
        await Should.ThrowAsync<ArgumentException>(() => FeedStoreContract.RunAsync("Nothing", fixture));
    }

    private sealed class Fixture : IFeedStoreFixture
    {
        private StoreNode _node;

        private Fixture(StoreNode node) => _node = node;

        public IFeedStore Store => _node.Store;

        public static async Task<Fixture> StartAsync() => new(await StoreNode.StartAsync(StoreNode.NewFolder()));

        public async Task RestartAsync()
        {
            await _node.AbandonAsync();
            _node = await StoreNode.StartAsync(_node.Folder);
        }

        public async Task SettleAsync() => (await _node.Closer.CloseAllAsync()).ShouldBeTrue();

        public async ValueTask DisposeAsync()
        {
            await _node.DisposeAsync();
            Directory.Delete(_node.Folder, recursive: true);
        }
    }
}

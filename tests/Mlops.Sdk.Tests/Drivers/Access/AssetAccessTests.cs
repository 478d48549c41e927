using Mlops.Drivers;
using Mlops.Tests.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers.Access;

public sealed class AssetAccessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDriverFactory _factory = new() { Decorate = (settings, driver) => ((ScriptedDriverFactory.Settings)settings).Address == "plain" ? driver : new Gifted(driver) };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Traits_OfARunningDriver_AreRoutedToIt()
    {
        await using DriverNode node = await StartAsync();
        await node.UntilAsync("gifted", DriverState.Connected);
        var access = node.Get<IAssetAccess>();

        access.Traits("GIFTED").ShouldBe(new AssetTraits(true, true, true, true));
        (await access.BrowseAsync("gifted")).ShouldHaveSingleItem().Id.ShouldBe("top/1");
        (await access.WriteAsync("gifted", [new AssetValue("a", 1.5), new AssetValue("b", null)])).ShouldBe([new WriteOutcome("a"), new WriteOutcome("b", "b is read-only")]);
        (await access.WriteAsync("gifted", [])).ShouldBeEmpty();
        (await access.CallMethodAsync("gifted", "add", [1L, 2L])).ShouldBe([3L]);
        (await access.PreviewAsync("gifted"))!.MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task Call_ThatCannotBeDone_SaysWhy()
    {
        await using DriverNode node = await StartAsync();
        await node.UntilAsync("gifted", DriverState.Connected);
        await node.UntilAsync("plain", DriverState.Connected);
        var access = node.Get<IAssetAccess>();

        await FailsAsync(() => access.BrowseAsync("none"), AssetAccessFailure.NoSuchAsset, "There is no asset 'none'");
        await FailsAsync(() => access.PreviewAsync("plain"), AssetAccessFailure.NotSupported, "drivers of the kind 'scripted' do not offer it");
        await FailsAsync(() => access.BrowseAsync("gifted", "nowhere"), AssetAccessFailure.BadRequest, "there is no 'nowhere'");
        await FailsAsync(() => access.CallMethodAsync("gifted", "nothing", []), AssetAccessFailure.BadRequest, "there is no method 'nothing'");
        await FailsAsync(() => access.BrowseAsync("gifted", "lost"), AssetAccessFailure.Failed, "the cable is out");
        await FailsAsync(() => access.BrowseAsync("gifted", "hang"), AssetAccessFailure.TimedOut, "Mlops:Drivers:CallTimeout");
        await FailsAsync(() => access.BrowseAsync("gifted", "block"), AssetAccessFailure.TimedOut, "within 0.3 s");
        await node.Catalog.SetEnabledAsync("gifted", false);
        access.Traits("gifted").ShouldBe(default);
        await FailsAsync(() => access.WriteAsync("gifted", [new AssetValue("a", 1L)]), AssetAccessFailure.NotRunning, "does not run (Stopped: The asset is disabled)");
    }

    private static async Task FailsAsync(Func<Task> call, AssetAccessFailure failure, string text)
    {
        AssetAccessException refused = await Should.ThrowAsync<AssetAccessException>(() => call().Within());
        refused.Failure.ShouldBe(failure);
        refused.Message.ShouldContain(text);
    }

    private Task<DriverNode> StartAsync() => DriverNode.StartAsync(
        _folder,
        ["Drivers:CallTimeout=00:00:00.300", "Assets:gifted:Kind=scripted", "Assets:gifted:Settings:Address=x", "Assets:plain:Kind=scripted", "Assets:plain:Settings:Address=plain"],
        _factory);

    private sealed class Gifted(IHighLevelDriver inner) : IHighLevelDriver, IBrowsableDriver, IWritableDriver, IPreviewableDriver, ICallableDriver
    {
        public Task RunAsync(IRecordSink sink, CancellationToken stop) => inner.RunAsync(sink, stop);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        public async ValueTask<IReadOnlyList<BrowseItem>> BrowseAsync(string? parent, CancellationToken cancellationToken)
        {
            switch (parent)
            {
                case "nowhere":
                    throw new ArgumentException("there is no 'nowhere'.");
                case "lost":
                    throw new IOException("the cable is out");
                case "hang":
                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                    break;
                case "block":
                    using (var never = new ManualResetEventSlim())
                        never.Wait(cancellationToken);
                    break;
            }

            return [new BrowseItem((parent ?? "top") + "/1", "one")];
        }

        public ValueTask<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<AssetValue> values, CancellationToken cancellationToken) =>
            new([.. values.Select(v => new WriteOutcome(v.Id, v.Value is null ? $"{v.Id} is read-only" : null))]);

        public ValueTask<IReadOnlyList<object?>> CallAsync(string method, IReadOnlyList<object?> arguments, CancellationToken cancellationToken) =>
            method == "add" ? new([arguments.Cast<long>().Sum()]) : throw new ArgumentException($"there is no method '{method}'.");

        public ValueTask<PreviewFrame?> PreviewAsync(CancellationToken cancellationToken) =>
            new(new PreviewFrame("image/png", new byte[] { 1, 2 }, DateTimeOffset.UnixEpoch));
    }
}

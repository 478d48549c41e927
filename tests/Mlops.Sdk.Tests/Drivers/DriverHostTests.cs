using Microsoft.Extensions.DependencyInjection;
using Mlops.Drivers;
using Mlops.Tests.Ingest;

namespace Mlops.Tests.Drivers;

public sealed class DriverHostTests
{
    private readonly CountingDriverFactory _factory = new();

    [Fact]
    public async Task Start_ConfiguredAsset_FillsItsFeedAndIsListed()
    {
        await using IngestNode node = await StartAsync("Assets:Press-4:Kind=counting", "Assets:Press-4:Settings:Records=5");
        var assets = node.Get<IAssets>();
        await IngestNode.UntilAsync(() => assets.List()[0].State == DriverState.Connected, "the asset did not connect");

        node.Store.Rows("counting.press-4.values").Select(r => r["n"]).ShouldBe([1L, 2L, 3L, 4L, 5L]);
        node.Store.Find("counting.press-4.values")!.Origin.ShouldBe(new Data.FeedOrigin("counting", "Press-4", "values"));
        AssetInfo asset = assets.List().ShouldHaveSingleItem();
        asset.Id.ShouldBe("Press-4");
        asset.Kind.ShouldBe("counting");
        asset.Reason.ShouldBeNull();
        asset.Feeds.ShouldBe(["counting.press-4.values"]);
        assets.Kinds.ShouldContain("counting");
    }

    [Theory]
    [InlineData("fail", "the cable is out")]
    [InlineData("end", "ended without being asked")]
    public async Task Run_DriverThatFails_IsStartedAgainAndHarmsNoOther(string mode, string reason)
    {
        await using IngestNode node = await StartAsync("Assets:a:Kind=counting", $"Assets:a:Settings:Mode={mode}", "Assets:b:Kind=COUNTING");
        var assets = node.Get<IAssets>();
        await IngestNode.UntilAsync(() => assets.List() is [{ State: DriverState.Faulted }, { State: DriverState.Connected }], "one fails, the other runs");
        assets.List()[0].Reason.ShouldNotBeNull().ShouldContain(reason);

        await IngestNode.UntilAsync(() => assets.List()[0].State == DriverState.Connected, "it was not started again");

        node.Store.Rows("counting.a.values").Count.ShouldBe(3);
        node.Store.Rows("counting.b.values").Count.ShouldBe(3);
        _factory.Disposed.ShouldBe(1);
    }

    [Fact]
    public async Task Run_DriverRefusesItsSettings_StaysFaultedWithTheReason()
    {
        await using IngestNode node = await StartAsync("Assets:a:Kind=counting", "Assets:a:Settings:Mode=refuse");
        var assets = node.Get<IAssets>();
        await IngestNode.UntilAsync(() => _factory.Disposed == 1 && assets.List()[0].State == DriverState.Faulted, "it is not faulted");

        assets.List()[0].Reason.ShouldBe("Asset 'a': Mode 'refuse' cannot be. Set another.");
        _factory.Created.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Assets:a:Kind=opc", "Asset 'a': driver kind 'opc' is not registered. Known: ")]
    [InlineData("Assets:a:Settings:Records=5", "Asset 'a' has no kind")]
    [InlineData("Assets:a:Kind=counting;Assets:a:Settings:Records=0", "Setting 'records' is 0")]
    [InlineData("Assets:a:Kind=counting;Assets:a:Enabled=perhaps", "Mlops:Assets:a:enabled is 'perhaps'")]
    [InlineData("Assets:a:Kind=counting;Assets:a:Records=3", "what belongs to the driver stands below settings")]
    [InlineData("Assets:a:Kind=counting;Assets:a:Settings:Records=many", "Setting 'records' is 'many'. Give a whole number that fits. Correct Mlops:Assets:a:settings.")]
    [InlineData("Assets:a:Kind=counting;Assets:a:Settings:Recrods=1", "Did you mean 'records'?")]
    [InlineData("Assets:a:Kind=x;Assets:b:Kind=y", "Asset 'b': driver kind 'y'")]
    public async Task Start_WrongSetting_NamesAssetSettingAndRemedy(string settings, string expected)
    {
        DriverConfigurationException refused = await Should.ThrowAsync<DriverConfigurationException>(() => StartAsync(settings.Split(';')));
        refused.Message.ShouldContain(expected);
        _factory.Created.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kinds_RegisteredTwice_IsRefused()
    {
        InvalidOperationException refused = await Should.ThrowAsync<InvalidOperationException>(() => IngestNode.StartAsync(
            configure: s => s.AddSingleton<IHighLevelDriverFactory>(_factory).AddSingleton<IHighLevelDriverFactory>(new CountingDriverFactory("Counting"))));
        refused.Message.ShouldContain("registered twice");
    }

    [Fact]
    public async Task Stop_RunningDrivers_AreStoppedAndDisposed()
    {
        IngestNode node = await StartAsync("Assets:a:Kind=counting", "Assets:b:Kind=counting");
        var assets = node.Get<IAssets>();
        await IngestNode.UntilAsync(() => assets.List().All(a => a.State == DriverState.Connected), "the assets did not connect");

        await node.StopAsync();

        _factory.Disposed.ShouldBe(2);
        assets.List().ShouldAllBe(a => a.State == DriverState.Stopped);
        await node.DisposeAsync();
    }

    private Task<IngestNode> StartAsync(params string[] settings) =>
        IngestNode.StartAsync(settings, configure: s => s.AddSingleton<IHighLevelDriverFactory>(_factory));
}

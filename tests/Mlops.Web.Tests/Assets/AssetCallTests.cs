using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Drivers;

namespace Mlops.Web.Tests.Assets;

public sealed class AssetCallTests : IAsyncLifetime
{
    private WebNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await WebNode.StartAsync(builder => builder.Services.AddSingleton<IHighLevelDriverFactory, PressFactory>());
        await _node.Typed.Assets.PutAsync("press-4", new AssetBody("press", new JsonObject { ["address"] = "hall-1/4" }));
        await _node.Typed.Assets.PutAsync("inbox", new AssetBody("file", new JsonObject { ["folder"] = Directory.CreateDirectory(Path.Combine(_node.Folder, "data", "inbox")).FullName }));
        await WebNode.UntilAsync(async () => (await _node.Typed.Assets.GetAsync("press-4")).CanCall);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Call_Method_ReturnsItsResultsAndIsAudited()
    {
        AssetCallAnswer answer = await _node.Typed.Assets.CallAsync("press-4", new AssetCall("list", [1, 2.5, "a", true, null]));

        answer.Results.ToJsonString().ShouldBe("""[1,2.5,"a",true,null,5,[1.5,"NaN"]]""");
        (await _node.Typed.Assets.CallAsync("press-4", new AssetCall("list"))).Results.ToJsonString().ShouldBe("""[0,[1.5,"NaN"]]""");
        (await _node.Typed.Access.ListAuditAsync(action: "callAsset")).ShouldAllBe(e => e.Status == 200 && e.Subject.Contains("press-4"));
        (await _node.Typed.Access.ListAuditAsync(action: "callAsset")).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("press-4", "open", 400, "There is no method 'open'")]
    [InlineData("press-4", "stuck", 502, "Release the guard")]
    [InlineData("inbox", "list", 409, "'file' do not offer it")]
    [InlineData("none", "list", 404, "press-4")]
    public async Task Call_ThatCannotBeDone_SaysWhy(string asset, string method, int status, string said)
    {
        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => _node.Typed.Assets.CallAsync(asset, new AssetCall(method)));

        refused.Status.ShouldBe(status);
        refused.Message.ShouldContain(said);
    }

    [Fact]
    public async Task Call_ListAsAnArgument_NamesItsPlace()
    {
        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => _node.Typed.Assets.CallAsync("press-4", new AssetCall("list", [1, new JsonArray()])));

        refused.Status.ShouldBe(400);
        refused.Message.ShouldContain("$.arguments[1]");
    }

    [Fact]
    public async Task Discover_Address_GivesSettingsThatAnAssetIsMadeOf()
    {
        DiscoveryEntry found = (await _node.Typed.Assets.DiscoverAsync("PRESS", "hall-1")).ShouldHaveSingleItem();

        (found.Name, found.Description).ShouldBe(("Press 4", "idle"));
        (await _node.Typed.Assets.TestAsync("press-5", new AssetBody("press", found.Settings))).Reached.ShouldBeTrue();
        (await _node.Typed.Assets.DiscoverAsync("press")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("press", "hall-2", 502, "Hall 2 is dark")]
    [InlineData("press", "elsewhere", 400, "not a hall")]
    [InlineData("file", null, 409, "'file' do not find assets")]
    [InlineData("pres", null, 404, "press")]
    public async Task Discover_ThatCannotBeDone_SaysWhy(string kind, string? address, int status, string said)
    {
        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => _node.Typed.Assets.DiscoverAsync(kind, address));

        refused.Status.ShouldBe(status);
        refused.Message.ShouldContain(said);
    }
}

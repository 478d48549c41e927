using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests.Pages;

/// <summary>An operator and the assets.</summary>
public sealed class AssetsTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Asset_AddedByItsForm_IsTestedConnectsStopsAndGoes()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        string folder = Directory.CreateDirectory(Path.Combine(node.Folder, "measured")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(folder, "a.csv"), ["timestamp,torque", .. Enumerable.Range(0, 50).Select(i => string.Create(CultureInfo.InvariantCulture, $"2024-05-01T06:00:{i:00}Z,{i}"))]);
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("assets");

        await visit.ClickLinkAsync("Add asset");
        await visit.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Folder of files" }).ClickAsync();
        await visit.FillAsync("Name of the asset", "screwdriver-7");
        await visit.PressAsync("Test connection");
        await visit.SeeAsync("This is needed.");
        await visit.FillAsync("Folder", folder);
        await visit.FillAsync("Timestamp column", "timestamp");
        await visit.PressAsync("Test connection");
        await visit.SeeAsync("Reached in");
        await visit.SeeAsync("torque");
        await visit.PressAsync("Add asset");

        await visit.SeeHeadingAsync("screwdriver-7");
        await visit.SeeAsync("connected");
        await PlantNode.UntilAsync(async () => (await node.Client.Assets.GetAsync("screwdriver-7")).Records == 50, "the file's records are stored");
        await visit.PressAsync("Stop");
        await visit.SeeAsync("disabled");
        await visit.PressAsync("Remove");
        await visit.SeeAsync("Feeds and records that it has brought stay.");
        await visit.PressAsync("Remove asset");

        await visit.SeeAsync("No asset yet");
        (await node.Client.Assets.ListAsync()).ShouldBeEmpty();
        (await node.Client.Feeds.ListAsync()).Single().Records.ShouldBe(50);
    }

    [Fact]
    public async Task Asset_SettingsThatItsDriverRefuses_AreToldByTheTestWithTheRemedy()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await using Visit visit = await chromium.VisitAsync(node.Address, Look.Phone);
        await visit.OpenAsync("assets/new");

        await visit.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "OPC UA server" }).ClickAsync();
        await visit.FillAsync("Name of the asset", "press-1");
        await visit.FillAsync("Endpoint", "http://10.0.0.7");
        await visit.PressAsync("Test connection");

        await visit.SeeAsync("Not reached");
        await visit.SeeAsync("Write it like 'opc.tcp://10.0.0.7:4840'");
        await visit.CheckAccessibilityAsync();
        await visit.CheckWidthAsync();
        (await node.Client.Assets.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Asset_ChangedBySomebodyElseMeanwhile_IsNotOverwritten()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Assets.PutAsync("press-1", new AssetBody("press", new JsonObject { ["address"] = "first" }));
        await using Visit visit = await chromium.VisitAsync(node.Address);
        visit.Expect("status of 412");
        // The page must not learn of the other change before it is sent.
        await visit.Page.RouteAsync("**/api/v1/events*", route => route.AbortAsync());
        visit.Expect("/api/v1/events");
        visit.Expect("net::ERR_FAILED");
        await visit.OpenAsync("assets/press-1");
        await visit.FillAsync("Address", "mine");
        await visit.Page.RouteAsync("**/api/v1/assets/press-1", route => route.Request.Method == "GET" ? route.AbortAsync() : route.ContinueAsync());
        await node.Client.Assets.PutAsync("press-1", new AssetBody("press", new JsonObject { ["address"] = "theirs" }));

        await visit.PressAsync("Save");

        await visit.SeeAsync("Changed meanwhile");
        (await node.Client.Assets.GetAsync("press-1")).Settings["address"]!.GetValue<string>().ShouldBe("theirs");
    }

    [Fact]
    public async Task Tree_ValueChosenInIt_IsReadFromThenOn()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Assets.PutAsync("press-1", new AssetBody("press", new JsonObject { ["address"] = "10.0.4.17", ["nodes"] = new JsonArray("ns=2;s=Pressure"), ["password"] = "s3cret" }));
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("assets/press-1");

        await visit.ClickTabAsync("Browse");
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Press", Exact = true }).ClickAsync();
        await visit.SeeAsync("Of the lower plate");
        await visit.ScreenshotAsync("asset-browse");
        await visit.CheckAccessibilityAsync();
        await visit.PressAsync("Read");
        await visit.PressAsync("Read 1 more");

        await PlantNode.UntilAsync(async () => (await node.Client.Assets.GetAsync("press-1")).Settings["nodes"]!.AsArray().Count == 2, "the value is among those that are read");
        (await visit.Page.ContentAsync()).ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Camera_Preview_IsShownAndMoves()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Assets.PutAsync("press-1", new AssetBody("press", new JsonObject { ["address"] = "10.0.4.17" }));
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("assets/press-1");

        await visit.ClickTabAsync("Preview");

        ILocator picture = visit.Page.GetByAltText("What press-1 sees");
        await Assertions.Expect(picture).ToBeVisibleAsync();
        string first = (await picture.GetAttributeAsync("src"))!;
        await Assertions.Expect(picture).Not.ToHaveAttributeAsync("src", first);
        (await picture.EvaluateAsync<int>("i => i.decode().then(() => i.naturalWidth)")).ShouldBe(320);
        await visit.ScreenshotAsync("asset-preview");
    }
}

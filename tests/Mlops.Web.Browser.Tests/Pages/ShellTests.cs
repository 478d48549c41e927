using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests.Pages;

/// <summary>What is around the pages.</summary>
public sealed class ShellTests(Chromium chromium, FilledPlant plant) : IClassFixture<Chromium>, IClassFixture<FilledPlant>
{
    [Fact]
    public async Task Navigation_OnAPhone_OpensLeadsAndCloses()
    {
        await using Visit visit = await chromium.VisitAsync(plant.Node.Address, Look.Phone);
        await visit.OpenAsync("");

        await visit.Page.GetByLabel("Open the navigation").ClickAsync();
        await visit.ScreenshotAsync("navigation", whole: false);
        await visit.CheckAccessibilityAsync();
        await visit.ClickLinkAsync("Assets");

        await visit.SeeHeadingAsync("Assets");
        await Assertions.Expect(visit.Page.GetByLabel("Open the navigation")).ToBeVisibleAsync();
        (await visit.Page.TitleAsync()).ShouldBe("Assets · press-hall-2 · Mlops");
    }

    [Fact]
    public async Task Keyboard_SkipsToTheContentAndFollowsLinks()
    {
        await using Visit visit = await chromium.VisitAsync(plant.Node.Address);
        await visit.OpenAsync("");

        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");
        (await visit.Page.EvaluateAsync<string>("() => document.activeElement.id")).ShouldBe("main");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Data" }).First.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await visit.SeeHeadingAsync("Data");
        (await visit.Page.EvaluateAsync<string>("() => document.activeElement.tagName")).ShouldBe("H1");
    }

    [Fact]
    public async Task Theme_Chosen_StaysOverALoad()
    {
        await using Visit visit = await chromium.VisitAsync(plant.Node.Address);
        await visit.OpenAsync("");

        await visit.Page.GetByLabel("Choose light or dark").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Dark" }).ClickAsync();
        await visit.OpenAsync("data");

        (await visit.Page.EvaluateAsync<string>("() => document.documentElement.dataset.mantineColorScheme")).ShouldBe("dark");
    }

    [Fact]
    public async Task Node_GoneAndBack_IsSaidAndThePageGoesOn()
    {
        await using Visit visit = await chromium.VisitAsync(plant.Node.Address);
        visit.Expect("net::ERR_FAILED");
        await visit.OpenAsync("");
        await visit.Page.RouteAsync("**/api/v1/**", route => route.AbortAsync());
        await visit.SeeAsync("no connection");

        await visit.Page.UnrouteAllAsync();

        await visit.SeeAsync("needs attention");
    }

    [Fact]
    public async Task Names_ThatAreMarkup_AreShownAndDoNothing()
    {
        const string Evil = "<img src=x onerror=\"document.title='taken'\">";
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Feeds.WriteAsync("press", new RecordsBody([new JsonObject { ["timestamp"] = "2024-05-01T06:00:00Z", [Evil] = 1.5, ["text"] = Evil }]));
        await node.Client.Feeds.AddLabelsAsync("press", new LabelsBody([new LabelBody("quality", System.Text.Json.JsonSerializer.SerializeToElement(Evil), Source: new RecordSource(Row: (await node.Client.Feeds.GetLastAsync("press"))[0].Source.Row))]));
        await node.Client.Assets.PutAsync("press-1", new AssetBody("press", new JsonObject { ["address"] = Evil }));
        await node.PublishAsync($"hall/{Evil.Replace("/", "", StringComparison.Ordinal)}", Evil, retain: true);
        await using Visit visit = await chromium.VisitAsync(node.Address);
        foreach (string path in (string[])["", "assets", "assets/press-1", "ingest", "ingest/dead-letters", "data", "data/press", "data/press?tab=table", "data/press?tab=labels", "data/press?tab=fields"])
        {
            await visit.OpenAsync(path);

            (await visit.Page.Locator("img").CountAsync()).ShouldBe(0, path);
            (await visit.Page.TitleAsync()).ShouldEndWith("Mlops", Case.Sensitive, path);
        }

        await visit.OpenAsync("data/press?tab=table");
        await visit.SeeAsync(Evil);
    }
}

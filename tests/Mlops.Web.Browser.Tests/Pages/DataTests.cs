using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests.Pages;

/// <summary>What is stored: brought in, looked at, labelled and taken out.</summary>
public sealed class DataTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task File_Imported_IsChartedAndGoesOutAgain()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        string file = Path.Combine(node.Folder, "Oven 3.csv");
        await using (MemoryStream csv = FilledPlant.Reflow())
            await File.WriteAllBytesAsync(file, csv.ToArray());
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("data");

        await visit.PressAsync("Import a file");
        IFileChooser chooser = await visit.Page.RunAndWaitForFileChooserAsync(() => visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new("^File") }).ClickAsync());
        await chooser.SetFilesAsync(file);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Feed" })).ToHaveValueAsync("oven-3");
        await visit.PressAsync("Import");
        await visit.SeeAsync("7,200 records were stored");
        await visit.ClickLinkAsync("Look at oven-3");
        await visit.SeeHeadingAsync("oven-3");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { NameRegex = new("zone1.*over time") })).ToBeVisibleAsync();

        await visit.PressAsync("Export");
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "CSV" }).ClickAsync());
        (await File.ReadAllLinesAsync(await download.PathAsync())).Length.ShouldBe(7201);
    }

    [Fact]
    public async Task Chart_ZoomedAndLabelledByDragging_KeepsBoth()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await using (MemoryStream csv = FilledPlant.Reflow())
            await node.Client.Feeds.ImportCsvAsync("oven", csv);
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("data/oven?fields=zone1,zone2");

        await DragAsync(visit, 0.25, 0.5);
        await visit.SeeAsync(new Regex(@"\((29|30)\smin"));
        await visit.Page.WaitForURLAsync(new Regex("from="));
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Zoom in" }).ClickAsync();
        await visit.SeeAsync(new Regex(@"\(1[45]\smin"));
        await visit.Page.GetByText("Label", new PageGetByTextOptions { Exact = true }).ClickAsync();
        // A chart that is drawn anew in the middle of a movement does not see its end.
        for (int tries = 0; tries < 10 && await visit.Page.GetByText("Label set").CountAsync() == 0; tries++)
        {
            await DragAsync(visit, 0.5, 0.75);
            await visit.Page.WaitForTimeoutAsync(500);
        }

        await visit.FillAsync("Label set", "quality");
        await visit.FillAsync("Value", "too hot");
        await visit.ScreenshotAsync("label-range", whole: false);
        await visit.CheckAccessibilityAsync();
        await visit.PressAsync("Save label");
        await visit.SeeAsync("The stretch has its label.");

        LabelEntry label = (await node.Client.Feeds.ListLabelsAsync("oven")).Single();
        label.Value.ShouldBe("too hot");
        (label.To!.Value - label.From!.Value).TotalMinutes.ShouldBe(3.75, 0.2);
        // Who is sent the address sees the same.
        await using Visit other = await chromium.VisitAsync(node.Address, Look.PhoneDark);
        await other.OpenAsync(new Uri(visit.Page.Url).PathAndQuery);
        await other.SeeAsync(new Regex(@"\(1[45]\smin"));
    }

    [Fact]
    public async Task Table_FilteredRowsChosen_GetTheirLabel()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await using (MemoryStream csv = FilledPlant.Reflow())
            await node.Client.Feeds.ImportCsvAsync("oven", csv);
        await using Visit visit = await chromium.VisitAsync(node.Address);
        visit.Expect("status of 400");
        await visit.OpenAsync("data/oven?tab=table");

        await visit.FillAsync("Only records where", "zone1 >");
        await visit.PressAsync("Apply");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit.FillAsync("Only records where", "state = 'idle'");
        await visit.PressAsync("Apply");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).Not.ToBeVisibleAsync();
        ILocator boxes = visit.Page.GetByRole(AriaRole.Checkbox, new PageGetByRoleOptions { NameRegex = new("^Choose record") });
        await boxes.Nth(0).CheckAsync();
        await boxes.Nth(2).CheckAsync();
        await visit.PressAsync("Label 2");
        await visit.FillAsync("Value", "pause");
        await visit.PressAsync("Save label");
        await visit.SeeAsync("2 records have their label.");

        IReadOnlyList<LabelEntry> labels = await node.Client.Feeds.ListLabelsAsync("oven");
        labels.Count.ShouldBe(2);
        labels.ShouldAllBe(l => l.Value == "pause" && l.Source!.Row != null);
        await visit.ClickTabAsync("Labels");
        await visit.Page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await visit.PressAsync("Take 1 back");
        await PlantNode.UntilAsync(async () => (await node.Client.Feeds.ListLabelsAsync("oven")).Count == 1, "the label is taken back");
    }

    [Fact]
    public async Task Chart_Live_FollowsRecordsAsTheyCome()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Assets.PutAsync("press-1", new AssetBody("press", new JsonObject { ["address"] = "10.0.4.17" }));
        await PlantNode.UntilAsync(async () => (await node.Client.Assets.GetAsync("press-1")).Records > 10, "the press writes records");
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("data/press.press-1.cycle");
        await visit.Page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "Live" }).PressAsync("Space");
        ILocator header = visit.Page.GetByText(new Regex("records from"));
        string before = await header.InnerTextAsync();

        await Assertions.Expect(header).Not.ToHaveTextAsync(before);

        await visit.ScreenshotAsync("data-live");
    }

    [Fact]
    public async Task Chart_OfMillionsOfRecords_IsDrawnFromFewPoints()
    {
        int records = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1" ? 10_000_000 : 300_000;
        await using PlantNode node = await PlantNode.StartAsync();
        string file = Path.Combine(node.Folder, "many.csv");
        await using (var text = new StreamWriter(file))
        {
            await text.WriteLineAsync("timestamp,value");
            DateTime start = new(2024, 5, 1, 0, 0, 0, DateTimeKind.Utc);
            for (int i = 0; i < records; i++)
                await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{start.AddMilliseconds(i * 10L):O},{(i == records / 3 ? 500 : Math.Sin(i / 5000.0)):F4}"));
        }

        await using (FileStream csv = File.OpenRead(file))
            await node.Client.Feeds.ImportCsvAsync("many", csv);
        await using Visit visit = await chromium.VisitAsync(node.Address);
        long bytes = 0;
        visit.Page.Response += async (_, response) =>
        {
            if (response.Url.Contains("/chart", StringComparison.Ordinal))
                Interlocked.Add(ref bytes, (await response.BodyAsync()).Length);
        };

        await visit.OpenAsync("data/many");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { NameRegex = new("value over time") })).ToBeVisibleAsync();
        await visit.ScreenshotAsync("data-many");
        await PlantNode.UntilAsync(() => Task.FromResult(Interlocked.Read(ref bytes) > 0), "the chart is asked for");
        Interlocked.Read(ref bytes).ShouldBeLessThan(1_000_000);
    }

    private static async Task DragAsync(Visit visit, double from, double to)
    {
        // A chart that is drawn anew has no box for a moment.
        LocatorBoundingBoxResult box = null!;
        await PlantNode.UntilAsync(async () => (box = (await visit.Page.Locator(".u-over").First.BoundingBoxAsync())!) is not null, "the chart has a place on the page");
        float y = box.Y + (box.Height / 2);
        await visit.Page.Mouse.MoveAsync((float)(box.X + (box.Width * from)), y);
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync((float)(box.X + (box.Width * to)), y, new MouseMoveOptions { Steps = 8 });
        await visit.Page.Mouse.UpAsync();
    }
}

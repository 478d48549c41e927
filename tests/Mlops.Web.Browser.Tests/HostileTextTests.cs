using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests;

/// <summary>Text of others stays text: nothing that assets, feeds, packages or logs bring runs in the browser of who looks at it.</summary>
public sealed class HostileTextTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Picture = "<img src=x onerror=\"window.hacked=1\">";
    private const string Script = "<script>window.hacked=1</script>";

    [Fact]
    public async Task Asset_WithAHostileName_IsRefusedAndHostileSettingsAreText()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => node.Client.Assets.PutAsync(Picture, new AssetBody("file", new JsonObject { ["folder"] = "/tmp" })));
        refused.Problem.Status.ShouldBe(400);
        await node.Client.Assets.PutAsync("cutter", new AssetBody("file", new JsonObject { ["folder"] = "/nowhere/" + Picture, ["group"] = "records" }));

        await using Visit visit = await chromium.VisitAsync(node.Address);
        foreach (string path in new[] { "", "assets", "assets/cutter", "assets/" + Uri.EscapeDataString(Picture) })
        {
            if (path.Contains('%', StringComparison.Ordinal))
                visit.Expect("404");
            await visit.OpenAsync(path);
            await NothingRanAsync(visit);
        }
    }

    [Fact]
    public async Task Feed_WithHostileNamesFieldsValuesAndLabels_IsText()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Feeds.WriteAsync(Picture, new RecordsBody([new JsonObject { ["timestamp"] = "2024-01-01T00:00:00Z", [Picture] = 1.5, ["text"] = Script, ["javascript:alert(1)"] = Picture }]));
        string feed = (await node.Client.Feeds.ListAsync()).Single().Id;
        await node.Client.Feeds.AddLabelsAsync(feed, new LabelsBody([new LabelBody(Script, System.Text.Json.JsonSerializer.SerializeToElement(Picture), From: DateTimeOffset.UnixEpoch, To: DateTimeOffset.UtcNow, Author: Script)]));

        await using Visit visit = await chromium.VisitAsync(node.Address);
        foreach (string path in new[] { "", "data", $"data/{Uri.EscapeDataString(feed)}", $"data/{Uri.EscapeDataString(feed)}?tab=table", $"data/{Uri.EscapeDataString(feed)}?tab=labels", $"data/{Uri.EscapeDataString(feed)}?tab=fields", "trainings/new" })
        {
            await visit.OpenAsync(path);
            await NothingRanAsync(visit);
        }

        await visit.OpenAsync($"data/{Uri.EscapeDataString(feed)}?tab=table");
        await visit.SeeAsync(Script);
    }

    [Fact]
    public async Task Workflow_WithAHostileReadmeAndDescription_IsText()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        string manifest = Package.Text("side-of-cut", "workflow.yaml").Replace("Tells left from right.", $"'{Script}'", StringComparison.Ordinal) + $"parameters: {{trees: '{Picture}'}}\n";
        string readme = $"# {Picture}\n\n{Script}\n\n[press me](javascript:window.hacked=1) ![x](javascript:window.hacked=1)\n\n<a href=\"javascript:window.hacked=1\">press me too</a>\n\n<svg onload=\"window.hacked=1\"></svg>\n\n`{Script}`\n";
        await node.Client.Workflows.UploadAsync(new MemoryStream(Package.Sample("side-of-cut", ("workflow.yaml", manifest), ("README.md", readme))));

        await using Visit visit = await chromium.VisitAsync(node.Address);
        foreach (string path in new[] { "workflows", "trainings/new?workflow=side-of-cut", "workflows/side-of-cut" })
        {
            await visit.OpenAsync(path);
            await NothingRanAsync(visit);
        }

        await visit.SeeAsync(Script);
        (await visit.Page.Locator("main a").Filter(new LocatorFilterOptions { HasText = "press me" }).CountAsync()).ShouldBe(0, "a link that leads nowhere safe is no link");
        (await visit.Page.Locator("main img, main iframe, main object").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Training_WhoseCodePrintsAndRaisesHostileText_IsText()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Feeds.WriteAsync("press", new RecordsBody([.. Enumerable.Range(0, 4).Select(i => new JsonObject { ["timestamp"] = DateTimeOffset.UnixEpoch.AddSeconds(i).ToString("O"), ["a"] = i, ["b"] = 1, ["side"] = i < 2 ? "left" : "right" })]));
        string code = $"""
            import sys
            def train(data, params, run):
                print('{Script}')
                print('{Picture}', file=sys.stderr)
                run.metric('{Picture}', 1.0)
                run.progress(0.5, '{Script}')
                raise ValueError('{Picture}')
            def predict(model, batch):
                return ['left'] * batch.rows
            """;
        await node.Client.Workflows.UploadAsync(new MemoryStream(Package.Sample("side-of-cut", ("workflow.py", code), ("sample.csv", null))));
        TrainingStatus training = await node.Client.Trainings.WaitAsync((await node.Client.Trainings.StartAsync(new TrainingStart("side-of-cut", Feed: "press"))).Id);
        training.State.ShouldBe("failed");

        await using Visit visit = await chromium.VisitAsync(node.Address);
        foreach (string path in new[] { "trainings", $"trainings/compare?ids={training.Id},{training.Id}", $"trainings/{training.Id}" })
        {
            await visit.OpenAsync(path);
            await NothingRanAsync(visit);
        }

        await visit.SeeAsync(Script);
        await visit.SeeAsync(Picture);
    }

    private static async Task NothingRanAsync(Visit visit)
    {
        (await visit.Page.EvaluateAsync<bool>("() => window.hacked === undefined && !document.querySelector('[onerror], [onload], [href^=\"javascript:\" i]')")).ShouldBeTrue(visit.Page.Url);
        (await visit.Page.EvaluateAsync<int>("() => [...document.scripts].filter(s => !s.src).length")).ShouldBe(0, visit.Page.Url);
    }
}

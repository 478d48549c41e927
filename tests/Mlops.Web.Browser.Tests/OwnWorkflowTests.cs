using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests;

/// <summary>Somebody finds a node at work and puts a workflow of their own in the place of what is there.</summary>
public sealed class OwnWorkflowTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Workflow_DownloadedChangedAndUploaded_AnswersInPlaceOfTheFormer()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await WriteAsync(node, 40);
        await node.Client.Workflows.UploadAsync(new MemoryStream(Package.Sample("side-of-cut")));
        TrainingStatus training = await node.Client.Trainings.WaitAsync((await node.Client.Trainings.StartAsync(new TrainingStart("side-of-cut", Feed: "cutter"))).Id);
        string deployment = (await node.Client.Deployments.StartAsync(new DeploymentStart("side-of-cut", training.Model!, "cutter"))).Id;
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("");

        await visit.NavigateAsync("Workflows");
        await visit.ClickLinkAsync("side-of-cut");
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.ClickLinkAsync("Download"));
        download.SuggestedFilename.ShouldBe("side-of-cut-1.0.0.zip");
        string file = Path.Combine(node.Folder, "own.zip");
        await download.SaveAsAsync(file);
        Change(file, "workflow.yaml", "version: 1.0.0", "version: 1.1.0");
        Change(file, "workflow.py", "\"distance\"", "\"gap\"");

        await visit.NavigateAsync("Workflows");
        await visit.Page.Locator("input[type=file]").First.SetInputFilesAsync(file);
        await visit.SeeAsync("side-of-cut 1.1.0 is valid");
        await visit.PressAsync("Install");
        await visit.PressAsync("Train");
        await visit.ChooseAsync("Feed", "cutter");
        await visit.PressAsync("Next");
        await visit.PressAsync("Next");
        await visit.PressAsync("Start training");
        await visit.SeeAsync("gap");
        await visit.PressAsync("Deploy the model");
        await visit.SeeAsync("side-of-cut already predicts on this feed");
        await visit.CheckAccessibilityAsync();
        await visit.ScreenshotAsync("own-swap");
        await visit.ClickLinkAsync("Swap it there…");
        await visit.ConfirmAsync("Swap");
        await visit.SeeAsync("answers now.");

        await WriteAsync(node, 2);
        string own = (await node.Client.Models.ListAsync()).Single(m => m.Version == "1.1.0").Id;
        ILocator newest = visit.Page.Locator("[aria-label='Newest predictions'] tbody tr").First;
        await Assertions.Expect(newest).ToContainTextAsync(own);
        (await node.Client.Deployments.ListAsync()).ShouldHaveSingleItem().Id.ShouldBe(deployment);
    }

    private static Task<ImportAnswer> WriteAsync(PlantNode node, int records) => node.Client.Feeds.WriteAsync("cutter", new RecordsBody([.. Enumerable.Range(0, records).Select(i => new JsonObject
    {
        ["timestamp"] = DateTimeOffset.UtcNow.AddMilliseconds(i - records),
        ["a"] = i % 2 == 0 ? 1 : 6,
        ["b"] = i % 2 == 0 ? 5 : 2,
        ["side"] = i % 2 == 0 ? "left" : "right",
    })]));

    private static void Change(string zip, string name, string from, string to)
    {
        using ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Update);
        ZipArchiveEntry entry = archive.GetEntry(name)!;
        string text;
        using (var reader = new StreamReader(entry.Open()))
            text = reader.ReadToEnd();
        text.ShouldContain(from);
        entry.Delete();
        using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        writer.Write(text.Replace(from, to, StringComparison.Ordinal));
    }
}

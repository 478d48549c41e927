using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Mlops.Web.Browser.Tests;

/// <summary>What an operator and a data scientist do with a new node, in the browser alone.</summary>
public sealed class StoryTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Feed = "file.cutter.records";

    public static TheoryData<string> Looks => [Look.Desktop.Name, Look.PhoneDark.Name];

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Story_FromNoAssetToASwappedModelAndBack_NeedsThePagesAlone(string name)
    {
        Look look = Look.All.Single(l => l.Name == name);
        string folder = Directory.CreateTempSubdirectory("mlops-browser-story-").FullName;
        var machine = new Machine(folder);
        await using PlantNode node = await PlantNode.StartAsync();
        await using Visit visit = await chromium.VisitAsync(node.Address, look);
        await visit.OpenAsync("");

        await AddAssetAsync(visit, folder);
        machine.Cut(24);
        await SeeDataAsync(visit);
        await LabelAsync(visit, "a < b", "left");
        await LabelAsync(visit, "a > b", "right");
        await UploadBrokenAsync(visit);
        await UploadAsync(visit, "1.0.0", byDrop: true);
        string first = await TrainAsync(visit, "1");
        await JudgeAsync(visit);
        await DeployAsync(visit);
        machine.Cut(6);
        await SeeAnswersAsync(visit, first, "4-answers");

        await UploadAsync(visit, "1.1.0", byDrop: false);
        string second = await TrainAsync(visit, "5");
        await OpenDeploymentAsync(visit);
        await visit.PressAsync("Swap model…");
        await visit.ChooseAsync("New model", second);
        await visit.ConfirmAsync("Swap");
        await visit.SeeAsync($"{second} answers now.");
        machine.Cut(6);
        await SeeAnswersAsync(visit, second, "6-swapped");

        await visit.PressAsync("Roll back");
        await visit.ConfirmAsync("Roll back");
        await visit.SeeAsync($"{first} answers again.");
        machine.Cut(6);
        await SeeAnswersAsync(visit, first, "7-rolled-back");
        await visit.CheckAccessibilityAsync();
        await visit.CheckWidthAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task AddAssetAsync(Visit visit, string folder)
    {
        await visit.NavigateAsync("Assets");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Add asset" }).First.ClickAsync();
        await visit.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "file" }).ClickAsync();
        await visit.FillAsync("Name of the asset", "cutter");
        await visit.FillAsync("Folder", folder);
        await visit.ScreenshotAsync("story-0-asset");
        await visit.PressAsync("Add asset");
        await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("cutter");
        await visit.SeeAsync("connected");
    }

    private static async Task SeeDataAsync(Visit visit)
    {
        await visit.NavigateAsync("Data");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = Feed }).ClickAsync();
        await visit.SeeAsync("24 records");
        await visit.SettleAsync();
        await visit.ScreenshotAsync("story-1-data");
    }

    private static async Task LabelAsync(Visit visit, string condition, string value)
    {
        await visit.Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "Table" }).ClickAsync();
        await visit.FillAsync("Only records where", condition);
        await visit.PressAsync("Apply");
        ILocator boxes = visit.Page.GetByRole(AriaRole.Checkbox, new PageGetByRoleOptions { Name = "Choose record" });
        await Assertions.Expect(boxes).ToHaveCountAsync(12);
        for (int i = 0; i < 12; i++)
            await boxes.Nth(i).CheckAsync();
        await visit.PressAsync("Label 12");
        await visit.FillAsync("Label set", "side");
        await visit.FillAsync("Value", value);
        await visit.ConfirmAsync("Save label");
        await visit.SeeAsync("12 records have their label.");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private static async Task UploadBrokenAsync(Visit visit)
    {
        await visit.NavigateAsync("Workflows");
        await ChooseFileAsync(visit, "broken.zip", Package.Sample("side-of-cut", ("workflow.yaml", "name: Side Of Cut\nversion: one\nruntime: cobol\ninputs: [{name: a, type: number}]\noutput: {classes: [left, right]}\n")));
        await visit.SeeAsync("broken.zip cannot be installed");
        await visit.SeeAsync("workflow.yaml line 2");
        await visit.ScreenshotAsync("story-2-broken");
        await visit.CheckAccessibilityAsync();
        await visit.PressAsync("Close");
    }

    private static async Task UploadAsync(Visit visit, string version, bool byDrop)
    {
        await visit.NavigateAsync("Workflows");
        byte[] package = Package.Sample("side-of-cut", ("workflow.yaml", Package.Text("side-of-cut", "workflow.yaml").Replace("version: 1.0.0", $"version: {version}", StringComparison.Ordinal)));
        if (byDrop)
            await DropFileAsync(visit, "side-of-cut.zip", package);
        else
            await ChooseFileAsync(visit, "side-of-cut.zip", package);
        await visit.SeeAsync($"side-of-cut {version} is valid");
        await visit.PressAsync("Install");
        await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("side-of-cut");
        await visit.SeeAsync("The smallest useful workflow");
    }

    private static async Task<string> TrainAsync(Visit visit, string step)
    {
        await visit.PressAsync("Train");
        await visit.ChooseAsync("Feed", Feed);
        await visit.PressAsync("Next");
        await visit.SeeAsync("Hold out for evaluation");
        await visit.PressAsync("Next");
        await visit.SeeAsync("Class balance of 'side'");
        await visit.ScreenshotAsync($"story-{step}-preview");
        await visit.CheckAccessibilityAsync();
        await visit.PressAsync("Start training");
        ILocator model = visit.Page.Locator("main a[href*='/models/m-']").First;
        await Assertions.Expect(model).ToBeVisibleAsync();
        return await model.InnerTextAsync();
    }

    private static async Task JudgeAsync(Visit visit)
    {
        await visit.PressAsync("Evaluate now");
        await visit.SeeAsync("Feature importance");
        await visit.SettleAsync();
        await visit.ScreenshotAsync("story-3-trained");
    }

    private static async Task DeployAsync(Visit visit)
    {
        await visit.PressAsync("Deploy the model");
        await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("New deployment");
        await visit.PressAsync("Deploy");
        await visit.SeeAsync("running");
        await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("side-of-cut");
        await visit.SeeAsync("No prediction yet");
    }

    private static async Task OpenDeploymentAsync(Visit visit)
    {
        await visit.NavigateAsync("Deployments");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "side-of-cut" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("side-of-cut");
    }

    // The newest answers stand first.
    private static async Task SeeAnswersAsync(Visit visit, string model, string screenshot)
    {
        ILocator first = visit.Page.Locator("[aria-label='Newest predictions'] tbody tr").First;
        await Assertions.Expect(first).ToContainTextAsync(model);
        await Assertions.Expect(first).ToContainTextAsync("right");
        await visit.ScreenshotAsync($"story-{screenshot}");
    }

    private static Task ChooseFileAsync(Visit visit, string name, byte[] content) =>
        visit.Page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/zip", Buffer = content });

    private static async Task DropFileAsync(Visit visit, string name, byte[] content)
    {
        IJSHandle files = await visit.Page.EvaluateHandleAsync(
            """
            ([name, base64]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type: 'application/zip' }));
              return transfer;
            }
            """, new object[] { name, Convert.ToBase64String(content) });
        await visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Upload a workflow package" }).DispatchEventAsync("drop", new { dataTransfer = files });
    }

    /// <summary>A machine that writes what it cuts into files: left cuts have a below b, right ones above, in turns; the last one is right.</summary>
    private sealed class Machine(string folder)
    {
        private int _files;

        public void Cut(int count)
        {
            var text = new StringBuilder("a,b\n");
            for (int i = 0; i < count; i++)
                text.AppendLine(i % 2 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{1 + i * 0.01},{5 + i * 0.01}") : string.Create(CultureInfo.InvariantCulture, $"{6 + i * 0.01},{2 + i * 0.01}"));
            string path = Path.Combine(folder, $"cuts-{_files++}.csv");
            File.WriteAllText(path + ".part", text.ToString());
            File.Move(path + ".part", path);
        }
    }
}

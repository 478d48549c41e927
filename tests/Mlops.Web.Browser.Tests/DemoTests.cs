using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;

namespace Mlops.Web.Browser.Tests;

/// <summary>The demo, as somebody sees it who opens the address that it prints.</summary>
public sealed class DemoTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Demo_Running_ShowsItsDataTrainingAndAnswersInThePages()
    {
        string root = Directory.CreateTempSubdirectory("mlops-browser-demo-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(root, "samples"), Path.Combine(Repository.Root, "samples"));
        int port = FreePort();
        using Process demo = Process.Start(new ProcessStartInfo("dotnet", [Program(), "--root", root, "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            Environment = { ["MALLOC_ARENA_MAX"] = "2" },
        })!;
        try
        {
            string line = await ReadUntilAsync(demo, "In a browser ");
            line.ShouldBe($"In a browser http://127.0.0.1:{port}");
            await using Visit visit = await chromium.VisitAsync(new Uri($"http://127.0.0.1:{port}/"));
            await ReadUntilAsync(demo, " answers ");
            Task reading = demo.StandardOutput.ReadToEndAsync();

            await visit.OpenAsync("");
            await visit.SeeAsync("pcb-quality");
            await visit.NavigateAsync("Data");
            await visit.ClickLinkAsync("pcb1.line1.pads");
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { NameRegex = new("over time") }).First).ToBeVisibleAsync();
            await visit.ScreenshotAsync("demo-data");
            await visit.ClickTabAsync("Labels");
            await visit.SeeAsync("pseudo-error");
            await visit.NavigateAsync("Trainings");
            await visit.SeeAsync("succeeded");
            await visit.NavigateAsync("Deployments");
            await visit.ClickLinkAsync("pcb-quality");
            await Assertions.Expect(visit.Page.Locator("[aria-label='Newest predictions'] tbody tr").First).ToContainTextAsync("m-");
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { Name = "Accuracy over time, percent" })).ToBeVisibleAsync();
            await visit.ScreenshotAsync("demo-answers");
            demo.HasExited.ShouldBeFalse();
            reading.IsCompleted.ShouldBeFalse();
        }
        finally
        {
            demo.Kill(entireProcessTree: true);
            await demo.WaitForExitAsync();
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<string> ReadUntilAsync(Process demo, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        var seen = new List<string>();
        while (await demo.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
            seen.Add(line);
        }

        throw new InvalidOperationException($"The demo ended without '{text}': {string.Join('\n', seen)}");
    }

    // Built with the tests, in the same configuration.
    private static string Program()
    {
        string here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.Combine(Repository.Root, "samples/Demo/bin", Path.GetFileName(Path.GetDirectoryName(here)!), Path.GetFileName(here), "Demo.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

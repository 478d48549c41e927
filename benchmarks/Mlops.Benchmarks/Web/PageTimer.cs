using System.Globalization;
using Microsoft.Playwright;

namespace Mlops.Benchmarks.Web;

/// <summary>Chromium at a node's pages: when a chart is there after a page was asked for, and how steadily it follows a hand.</summary>
internal sealed class PageTimer : IAsyncDisposable
{
    private const int Steps = 10;
    private static readonly string[] s_candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private PageTimer(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<PageTimer> StartAsync()
    {
        string path = s_candidates.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"A browser is needed at one of {string.Join(", ", s_candidates)}. Install the Debian package chromium.");
        IPlaywright playwright = await Playwright.CreateAsync();
        return new PageTimer(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu", "--disable-dev-shm-usage"],
        }));
    }

    /// <summary>Opens a feed's chart with nothing kept from before, then zooms into it step by step.</summary>
    /// <returns>Milliseconds until the chart was drawn, the longest frame while zooming, and from the last step until its finer points were drawn.</returns>
    public async Task<IReadOnlyDictionary<string, double>> ChartAsync(Uri node, string feed, string field)
    {
        await using IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync("""
            const seen = new MutationObserver(() => {
              if (!document.querySelector('.u-over')) return;
              seen.disconnect();
              requestAnimationFrame(() => requestAnimationFrame(() => { window.drawnAt = performance.now(); }));
            });
            seen.observe(document, { childList: true, subtree: true });
            """);
        await page.GotoAsync(new Uri(node, $"data/{feed}?fields={field}").ToString());
        await page.WaitForFunctionAsync("() => window.drawnAt !== undefined");
        double drawn = await page.EvaluateAsync<double>("() => window.drawnAt");
        double[] zoom = await page.EvaluateAsync<double[]>(string.Create(CultureInfo.InvariantCulture, $$"""
            async () => {
              const nextFrame = () => new Promise(done => requestAnimationFrame(done));
              const button = document.querySelector('button[aria-label="Zoom in"]');
              let longest = 0;
              for (let i = 0; i < {{Steps}}; i++) {
                const begun = performance.now();
                button.click();
                await nextFrame();
                await nextFrame();
                longest = Math.max(longest, performance.now() - begun);
              }
              const asked = performance.now();
              const isAnswered = () => performance.getEntriesByType('resource').some(e => e.name.includes('/chart') && e.startTime > asked && e.responseEnd > 0);
              while (!isAnswered()) await nextFrame();
              await nextFrame();
              await nextFrame();
              return [longest, performance.now() - asked];
            }
            """));
        return new Dictionary<string, double> { ["first chart"] = drawn, ["longest frame"] = zoom[0], ["finer points"] = zoom[1] };
    }

    /// <summary>Visits every page and returns what scripts and styles they loaded.</summary>
    public async Task<IReadOnlyCollection<string>> VisitAsync(Uri node, IEnumerable<string> pages)
    {
        await using IBrowserContext context = await _browser.NewContextAsync();
        IPage page = await context.NewPageAsync();
        HashSet<string> files = [];
        page.Response += (_, response) =>
        {
            if (response.Request.ResourceType is "script" or "stylesheet" or "document")
            {
                lock (files)
                    files.Add(new Uri(response.Url).AbsolutePath);
            }
        };
        foreach (string path in pages)
        {
            await page.GotoAsync(new Uri(node, path).ToString());
            await page.Locator("h1").First.WaitForAsync();
        }

        return files;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

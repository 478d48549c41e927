using Microsoft.Playwright;

namespace Mlops.Web.Browser.Tests;

/// <summary>The browser; one process for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        string path = Candidates.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"These tests need a browser at one of {string.Join(", ", Candidates)}. Install the Debian package chromium; ./test does.");
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Visit.Patience.TotalMilliseconds);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu", "--disable-dev-shm-usage"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a window with cookies and storage of its own.</summary>
    internal async Task<Visit> VisitAsync(Uri node, Look? look = null)
    {
        look ??= Look.Desktop;
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = node.ToString(),
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.Theme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Vienna",
            HasTouch = look.Width < 600,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout((float)Visit.Patience.TotalMilliseconds);
        return new Visit(context, await context.NewPageAsync(), node, look);
    }
}

using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Mlops.Web.Browser.Tests;

/// <summary>
/// Somebody at the pages of a node. What the browser complains about, and what it asks of others than the node, is collected; leaving
/// fails when there was any.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.Pages, "node_modules/axe-core/axe.min.js"));
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly List<string> _expected = [];

    public Visit(IBrowserContext context, IPage page, Uri node, Look look)
    {
        (_context, Page, Look) = (context, page, look);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"page error: {error}");
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(node.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _complaints.Enqueue($"asked of another origin: {request.Url}");
        };
    }

    public IPage Page { get; }

    public Look Look { get; }

    /// <summary>Goes to a path by its address, as somebody who was sent a link.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        await SettleAsync();
    }

    /// <summary>Signs in with the form.</summary>
    public async Task SignInAsync(string user, string password)
    {
        await FillAsync("User", user);
        await Page.Locator("input[name=password]").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
    }

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).ClickAsync();

    public Task ClickLinkAsync(string link) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = link, Exact = true }).First.ClickAsync();

    public Task ClickTabAsync(string tab) => Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = tab, Exact = true }).ClickAsync();

    /// <summary>Fills the field of a label.</summary>
    public Task FillAsync(string label, string value) => Field(label).FillAsync(value);

    /// <summary>Waits until a text is to be seen.</summary>
    public Task SeeAsync(string text) => SeeAsync(Page.GetByText(text));

    /// <summary>Waits until a text that fits is to be seen.</summary>
    public Task SeeAsync(Regex text) => SeeAsync(Page.GetByText(text));

    public Task SeeHeadingAsync(string title) =>
        Assertions.Expect(Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = title, Exact = true, Level = 1 })).ToBeVisibleAsync();

    /// <summary>Waits until the page has its title and nothing on it is loading.</summary>
    public async Task SettleAsync()
    {
        await Assertions.Expect(Page.Locator("h1").First).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator("[aria-busy=true], main .mantine-Loader-root")).ToHaveCountAsync(0);
    }

    /// <summary>Goes to a page by the navigation, which a phone folds away.</summary>
    public async Task NavigateAsync(string page)
    {
        ILocator burger = Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Open the navigation" });
        if (await burger.IsVisibleAsync())
            await burger.ClickAsync();
        await Page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Pages" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = page, Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator("h1").First).ToHaveTextAsync(page);
        await SettleAsync();
    }

    /// <summary>Presses the button of a name in the question that stands before the page.</summary>
    public Task ConfirmAsync(string name) => Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    /// <summary>Chooses in the list of a label.</summary>
    public async Task ChooseAsync(string label, string option)
    {
        await Field(label).ClickAsync();
        await Page.GetByRole(AriaRole.Option).Filter(new LocatorFilterOptions { HasText = option, Visible = true }).First.ClickAsync();
    }

    /// <summary>Leaves a complaint out that belongs to what the test does, for example the browser's line about a status of 400.</summary>
    public void Expect(string complaint) => _expected.Add(complaint);

    /// <summary>Keeps what is to be seen under <c>artifacts/screenshots</c>.</summary>
    public async Task ScreenshotAsync(string name, bool whole = true)
    {
        string folder = Path.Combine(Repository.Root, "artifacts/screenshots");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{Look.Name}.png"), FullPage = whole, Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>Has axe-core look at the page; fails on what it calls serious or critical.</summary>
    public async Task CheckAccessibilityAsync()
    {
        await Page.EvaluateAsync($"() => {{ if (!window.axe) {{ {Axe} }} }}");
        string findings = await Page.EvaluateAsync<string>("""
            async () => {
              const result = await window.axe.run(document, { resultTypes: ['violations'] });
              return result.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => `${v.id} (${v.impact}): ${v.help}\n` + v.nodes.slice(0, 5).map(n => `    ${n.html}\n    ${n.failureSummary}`).join('\n')).join('\n');
            }
            """);
        findings.ShouldBeEmpty($"{Page.Url} at {Look.Name}");
    }

    /// <summary>Fails when the page is wider than the window.</summary>
    public async Task CheckWidthAsync()
    {
        int wider = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        wider.ShouldBeLessThanOrEqualTo(0, $"{Page.Url} at {Look.Name} can be moved sideways");
    }

    private static Task SeeAsync(ILocator what) =>
        Assertions.Expect(what.Filter(new LocatorFilterOptions { Visible = true }).First).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = (float)Patience.TotalMilliseconds });

    // A label that is needed ends in a star.
    private ILocator Field(string label) =>
        Page.GetByLabel(new Regex($@"^{Regex.Escape(label)}(\s\*)?$")).And(Page.Locator("input, textarea")).Filter(new LocatorFilterOptions { Visible = true }).First;

    public async ValueTask DisposeAsync()
    {
        string[] complaints = [.. _complaints.Where(c => !_expected.Any(e => c.Contains(e, StringComparison.Ordinal)))];
        string url = Page.Url;
        await _context.DisposeAsync();
        complaints.ShouldBeEmpty($"at {url}, {Look.Name}");
    }
}

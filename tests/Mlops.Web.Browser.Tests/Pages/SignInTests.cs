using Microsoft.Playwright;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests.Pages;

/// <summary>Who may do what, as the pages show it.</summary>
public sealed class SignInTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Admin = "correct horse 1";

    [Fact]
    public async Task SignIn_WrongThenRight_LeadsToThePageThatWasAskedFor()
    {
        await using PlantNode node = await StartAsync();
        await using Visit visit = await chromium.VisitAsync(node.Address, Look.Phone);
        visit.Expect("status of 401");
        await visit.OpenAsync("data");
        await visit.ScreenshotAsync("sign-in");
        await visit.CheckAccessibilityAsync();

        await visit.SignInAsync("admin", "wrong");
        await visit.SeeAsync("User or password are wrong");
        await visit.SignInAsync("admin", Admin);

        await visit.SeeHeadingAsync("Data");
        await visit.Page.GetByLabel("Signed in as admin").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await visit.SeeHeadingAsync("Sign in");
    }

    [Fact]
    public async Task Viewer_Buttons_AreDisabledAndSayWhoMay()
    {
        await using PlantNode node = await StartAsync();
        await node.Client.Access.PutUserAsync("eve", new UserChange("viewer", "only looking 1"));
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("assets");
        await visit.SignInAsync("eve", "only looking 1");
        await visit.SeeHeadingAsync("Assets");

        ILocator add = visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add asset" });
        await Assertions.Expect(add).ToHaveAttributeAsync("aria-disabled", "true");
        await add.HoverAsync();
        await visit.SeeAsync("Needs the role operator or administrator.");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Access" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Session_EndedElsewhere_AsksForSignInInsteadOfFailing()
    {
        await using PlantNode node = await StartAsync();
        await using Visit visit = await chromium.VisitAsync(node.Address);
        visit.Expect("status of 401");
        await visit.OpenAsync("assets");
        await visit.SignInAsync("admin", Admin);
        await visit.SeeHeadingAsync("Assets");

        await visit.Page.Context.ClearCookiesAsync();

        await visit.SeeHeadingAsync("Sign in");
    }

    private static Task<PlantNode> StartAsync() => PlantNode.StartAsync(("Mlops:Web:AdminPassword", Admin), ("Mlops:Web:ApiToken", "token-of-the-tests"));
}

using Microsoft.Playwright;

namespace Mlops.Web.Browser.Tests;

/// <summary>Users, tokens, roles and the audit log, in the browser.</summary>
public sealed class AccessTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Access_UsersTokensAndAudit_AreManagedByAnAdministrator()
    {
        await using PlantNode node = await PlantNode.StartAsync(("Mlops:Web:AdminPassword", Password));
        await using Visit visit = await chromium.VisitAsync(node.Address);
        visit.Expect("401");
        await visit.OpenAsync("access");
        await visit.SignInAsync("admin", Password);
        await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("Access");

        await visit.PressAsync("Add user");
        await visit.FillAsync("Name", "olivia");
        await visit.ChooseAsync("Role", "operator");
        await visit.FillAsync("Password", "paper lantern river");
        await visit.ConfirmAsync("Add user");
        await visit.SeeAsync("olivia may sign in.");

        await visit.Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "API tokens" }).ClickAsync();
        await visit.PressAsync("New token");
        await visit.FillAsync("Name", "nightly export");
        await visit.ConfirmAsync("Make token");
        await visit.SeeAsync("Copy it now");
        string token = await visit.Page.GetByTestId("token").InnerTextAsync();
        await visit.ConfirmAsync("Done");
        await visit.SeeAsync("nightly export");
        (await visit.Page.ContentAsync()).ShouldNotContain(token);
        using HttpClient program = new() { BaseAddress = node.Address };
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await program.GetAsync("api/v1/status")).EnsureSuccessStatusCode();

        await visit.Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "Audit" }).ClickAsync();
        await visit.ChooseAsync("Action", "create token");
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        visit.Page.Url.ShouldContain("action=createToken");

        await visit.Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "API tokens" }).ClickAsync();
        await visit.PressAsync("Revoke nightly export");
        await visit.ConfirmAsync("Revoke token");
        await visit.SeeAsync("No token yet");
        (await program.GetAsync("api/v1/status")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Viewer_SeesPagesButNoAccess_AndIsToldWhoMayDoWhatIsDisabled()
    {
        await using PlantNode node = await PlantNode.StartAsync(("Mlops:Web:ApiToken", "t0ken-of-the-test"));
        await node.Client.Access.PutUserAsync("victor", new Mlops.Client.UserChange("viewer", "paper lantern river"));
        await using Visit visit = await chromium.VisitAsync(node.Address, Look.Phone);
        visit.Expect("401");
        await visit.OpenAsync("deployments");
        await visit.SignInAsync("victor", "paper lantern river");

        ILocator button = visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New deployment" });
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-disabled", "true");
        await button.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Shift+Tab");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.SeeAsync("Needs the role");
        await visit.OpenAsync("access");
        await visit.SeeAsync("Only for administrators");
        await visit.CheckAccessibilityAsync();
    }

    [Fact]
    public async Task Password_Changed_SignsInAndTheOldOneDoesNot()
    {
        await using PlantNode node = await PlantNode.StartAsync(("Mlops:Web:AdminPassword", Password));
        await using Visit visit = await chromium.VisitAsync(node.Address);
        visit.Expect("401");
        visit.Expect("400");
        await visit.OpenAsync("");
        await visit.SignInAsync("admin", Password);
        await visit.PressAsync("Signed in as admin");
        await visit.Page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Change your password…" }).ClickAsync();
        await visit.FillAsync("Current password", "wrong");
        await visit.FillAsync("New password", "paper lantern river");
        await visit.FillAsync("New password again", "paper lantern river");
        await visit.ConfirmAsync("Change password");
        await visit.SeeAsync("The current password is wrong");
        await visit.FillAsync("Current password", Password);
        await visit.ConfirmAsync("Change password");
        await visit.SeeAsync("Your password is changed");

        await visit.PressAsync("Signed in as admin");
        await visit.Page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await visit.SignInAsync("admin", Password);
        await visit.SeeAsync("User or password are wrong");
        await visit.SignInAsync("admin", "paper lantern river");
        await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("press-hall-2");
    }

    [Theory]
    [InlineData("users")]
    [InlineData("tokens")]
    [InlineData("audit")]
    public async Task Page_InEveryLook_IsAccessibleAndFits(string tab)
    {
        await using PlantNode node = await PlantNode.StartAsync(("Mlops:Web:ApiToken", "t0ken-of-the-test"));
        await node.Client.Access.PutUserAsync("admin", new Mlops.Client.UserChange("admin", Password));
        await node.Client.Access.PutUserAsync("olivia", new Mlops.Client.UserChange("operator", Password));
        await node.Client.Access.CreateTokenAsync(new Mlops.Client.TokenStart("nightly export", "viewer"));
        foreach (Look look in Look.All)
        {
            await using Visit visit = await chromium.VisitAsync(node.Address, look);
            visit.Expect("401");
            await visit.OpenAsync($"access/{tab}");
            await visit.SignInAsync("admin", Password);
            await Assertions.Expect(visit.Page.Locator("h1").First).ToHaveTextAsync("Access");
            await visit.SettleAsync();
            await visit.ScreenshotAsync($"access-{tab}");
            await visit.CheckAccessibilityAsync();
            await visit.CheckWidthAsync();
        }
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Mlops.Client;

namespace Mlops.Web.Tests.Security;

public sealed class SignInTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task SignIn_WithThePasswordOfTheSettings_GivesAnAdminWhoseChangesNeedTheCsrfHeader()
    {
        await using WebNode node = await StartAsync();
        (string cookie, string csrf, string header) = await SignInAsync(node, "admin", Password);

        header.ShouldContain("httponly", Case.Insensitive);
        header.ShouldContain("samesite=strict", Case.Insensitive);
        (await SendAsync(node, HttpMethod.Get, "status", cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(node, HttpMethod.Delete, "tokens/none", cookie)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(node, HttpMethod.Delete, "tokens/none", cookie, ("X-Mlops-Csrf", "wrong"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(node, HttpMethod.Delete, "tokens/none", cookie, ("X-Mlops-Csrf", csrf))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(node, HttpMethod.Delete, "tokens/none", cookie, ("X-Mlops-Csrf", csrf), ("Origin", "http://evil.example"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(node, HttpMethod.Delete, "tokens/none", cookie, ("X-Mlops-Csrf", csrf), ("Sec-Fetch-Site", "cross-site"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(node, HttpMethod.Delete, "tokens/none", cookie, ("X-Mlops-Csrf", csrf), ("Origin", node.Address.GetLeftPart(UriPartial.Authority)))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task SignIn_WithACookieThatWasPlanted_GivesANewOneAndEndsTheOld()
    {
        await using WebNode node = await StartAsync();
        (string first, _, _) = await SignInAsync(node, "admin", Password);

        (string second, _, _) = await SignInAsync(node, "admin", Password, first);
        (string third, _, _) = await SignInAsync(node, "admin", Password, "mlops-session=planted");

        second.ShouldNotBe(first);
        third.ShouldNotBe("mlops-session=planted");
        (await SendAsync(node, HttpMethod.Get, "status", first)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(node, HttpMethod.Get, "status", "mlops-session=planted")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(node, HttpMethod.Get, "status", second)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_WrongPasswords_LockTheUserEvenForTheRightOne()
    {
        await using WebNode node = await StartAsync(("Mlops:Web:LockoutAfter", "3"));

        for (int i = 0; i < 3; i++)
            (await TryAsync(node, "admin", "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await TryAsync(node, "admin", Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var log = new MlopsClient(node.Client("t0ken"));
        (await log.Access.ListAuditAsync(action: "signIn")).Count(e => e is { Who: "admin", Status: 401 }).ShouldBe(4);
        (await log.Access.ListUsersAsync()).Single().LockedUntil.ShouldNotBeNull();
        await log.Access.PutUserAsync("admin", new UserChange(Password: "a new password"));
        (await TryAsync(node, "admin", "a new password")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_ManyFailuresFromOneAddress_AreRefusedUnseen()
    {
        await using WebNode node = await StartAsync(("Mlops:Web:FailuresPerMinute", "4"));

        for (int i = 0; i < 4; i++)
            (await TryAsync(node, $"user{i}", "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using HttpResponseMessage refused = await TryAsync(node, "admin", Password);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        using HttpResponseMessage token = await node.Client("t0ken").GetAsync("api/v1/status");
        token.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Users_LastAdmin_CannotBeRemovedDemotedOrDisabled()
    {
        await using WebNode node = await StartAsync();
        var client = new MlopsClient(node.Client("t0ken"));

        (await Should.ThrowAsync<MlopsException>(() => client.Access.DeleteUserAsync("ADMIN"))).Status.ShouldBe(409);
        (await Should.ThrowAsync<MlopsException>(() => client.Access.PutUserAsync("admin", new UserChange("viewer")))).Status.ShouldBe(409);
        (await Should.ThrowAsync<MlopsException>(() => client.Access.PutUserAsync("admin", new UserChange(Enabled: false)))).Status.ShouldBe(409);
        (await Should.ThrowAsync<MlopsException>(() => client.Access.PutUserAsync("../ann", new UserChange("viewer", Password)))).Status.ShouldBe(400);
        (await Should.ThrowAsync<MlopsException>(() => client.Access.PutUserAsync("ann", new UserChange("viewer", "short")))).Status.ShouldBe(400);
        (await Should.ThrowAsync<MlopsException>(() => client.Access.PutUserAsync("ann", new UserChange("root", Password)))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Users_DisabledOrChanged_LoseTheirSessionsAtOnce()
    {
        await using WebNode node = await StartAsync();
        var client = new MlopsClient(node.Client("t0ken"));
        await client.Access.PutUserAsync("ann", new UserChange("viewer", Password));
        (string cookie, _, _) = await SignInAsync(node, "ann", Password);
        (await SendAsync(node, HttpMethod.Get, "status", cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(node, HttpMethod.Get, "users", cookie)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await client.Access.PutUserAsync("ann", new UserChange(Enabled: false));

        (await SendAsync(node, HttpMethod.Get, "status", cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await TryAsync(node, "ann", Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Secrets_OfUsersTokensAndSessions_AreInNoFileAndNoAnswer()
    {
        await using WebNode node = await StartAsync();
        var client = new MlopsClient(node.Client("t0ken"));
        TokenCreated token = await client.Access.CreateTokenAsync(new TokenStart("x", "viewer"));
        (string cookie, _, _) = await SignInAsync(node, "admin", Password);
        string secret = cookie.Split('=')[1];

        string[] texts =
        [
            await node.Client("t0ken").GetStringAsync("api/v1/users"),
            await node.Client("t0ken").GetStringAsync("api/v1/tokens"),
            await node.Client("t0ken").GetStringAsync("api/v1/audit"),
            await node.Client("t0ken").GetStringAsync("api/v1/configuration"),
            await node.Client("t0ken").GetStringAsync("api/v1/status"),
            await node.Client("t0ken").GetStringAsync("metrics"),
            .. Directory.EnumerateFiles(Path.Combine(node.Folder, "data"), "mlops.db*").Select(ReadShared),
        ];

        foreach (string text in texts)
        {
            text.ShouldNotContain(Password);
            text.ShouldNotContain(token.Token);
            text.ShouldNotContain(secret);
            text.ShouldNotContain("t0ken\"");
        }
    }

    [Fact]
    public async Task Audit_OfTheDatabase_CanOnlyBeAddedTo()
    {
        await using WebNode node = await StartAsync();
        await new MlopsClient(node.Client("t0ken")).Access.CreateTokenAsync(new TokenStart("x", "viewer"));
        await using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(node.Folder, "data", "mlops.db"), Pooling = false }.ToString());
        await database.OpenAsync();
        await using SqliteCommand command = database.CreateCommand();

        foreach (string change in new[] { "DELETE FROM audit", "UPDATE audit SET who = 'x'" })
        {
            command.CommandText = change;
            (await Should.ThrowAsync<SqliteException>(() => command.ExecuteNonQueryAsync())).Message.ShouldContain("only added to");
        }
    }

    [Fact]
    public async Task Token_PastItsTimeOrRemoved_IsNotValid()
    {
        await using WebNode node = await StartAsync();
        var client = new MlopsClient(node.Client("t0ken"));
        TokenCreated brief = await client.Access.CreateTokenAsync(new TokenStart("brief", "admin", 1e-8));
        TokenCreated removed = await client.Access.CreateTokenAsync(new TokenStart("removed", "admin"));
        (await node.Client(removed.Token).GetAsync("api/v1/status")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await client.Access.DeleteTokenAsync(removed.Details.Id);

        (await node.Client(brief.Token).GetAsync("api/v1/status")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.Client(removed.Token).GetAsync("api/v1/status")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.Client(removed.Token[..^1] + "x").GetAsync("api/v1/status")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Node_StartedAgainWithAnotherAdminPassword_KeepsTheFirst()
    {
        WebNode first = await StartAsync();
        (string cookie, _, _) = await SignInAsync(first, "admin", Password);
        await first.StopAsync();

        await using WebNode second = await WebNode.StartAsync(folder: first.Folder, settings: [("Mlops:Web:AdminPassword", "another password")]);

        (await TryAsync(second, "admin", "another password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(second, HttpMethod.Get, "status", cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static Task<WebNode> StartAsync(params (string, string)[] more) =>
        WebNode.StartAsync(settings: [("Mlops:Web:AdminPassword", Password), ("Mlops:Web:ApiToken", "t0ken"), .. more]);

    private static async Task<HttpResponseMessage> TryAsync(WebNode node, string user, string password, string? cookie = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/session") { Content = WebNode.Json(new JsonObject { ["user"] = user, ["password"] = password }.ToJsonString()) };
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await node.Http.SendAsync(request);
    }

    private static async Task<(string Cookie, string Csrf, string Header)> SignInAsync(WebNode node, string user, string password, string? cookie = null)
    {
        using HttpResponseMessage response = await TryAsync(node, user, password, cookie);
        string text = await WebNode.ReadAsync(response, HttpStatusCode.OK);
        string header = response.Headers.GetValues("Set-Cookie").Single();
        return (header.Split(';')[0], JsonNode.Parse(text)!["csrf"]!.GetValue<string>(), header);
    }

    private static async Task<HttpResponseMessage> SendAsync(WebNode node, HttpMethod method, string path, string cookie, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, "api/v1/" + path);
        request.Headers.Add("Cookie", cookie);
        foreach ((string name, string value) in headers)
            request.Headers.Add(name, value);
        return await node.Http.SendAsync(request);
    }
}

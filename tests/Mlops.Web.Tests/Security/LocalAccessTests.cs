using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Mlops.Client;

namespace Mlops.Web.Tests.Security;

[Collection(SharedNodeTests.Name)]
public sealed class LocalAccessTests(SharedNode shared)
{
    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "evil.example:8080")]
    [InlineData("X-Forwarded-For", "10.0.0.9")]
    [InlineData("Forwarded", "for=10.0.0.9")]
    public async Task Request_OfAStrangerOverLoopback_IsForbidden(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/feeds");
        request.Headers.TryAddWithoutValidation(header, value).ShouldBeTrue();

        using HttpResponseMessage response = await shared.Node.Http.SendAsync(request);

        (await WebNode.ReadAsync(response, HttpStatusCode.Forbidden)).ShouldContain("Mlops:Web:AdminPassword");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Change_FromAPageOfAnotherOrigin_IsForbiddenWithoutSignInToo(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/feeds/{SharedNode.Feed}/labels") { Content = new StringContent("row,value\n1,a\n", null, "text/csv") };
        request.Headers.Add(header, value);

        using HttpResponseMessage response = await shared.Node.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/favicon.svg")]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/none")]
    [InlineData("/healthz")]
    public async Task Answers_All_TellBrowsersToTakeNothingFromElsewhere(string path)
    {
        using HttpResponseMessage response = await shared.Node.Http.GetAsync(path);

        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain("frame-ancestors 'none'");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task HostAuthentication_RoleOfItsUser_Decides()
    {
        await using WebNode node = await WebNode.StartAsync(
            before: app => app.Use((http, next) =>
            {
                if (http.Request.Headers["X-Test-Role"].ToString() is { Length: > 0 } role)
                    http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann"), new Claim(ClaimTypes.Role, role)], "test"));
                return next(http);
            }),
            settings: [("Mlops:Web:Authentication", "Host")]);

        (await StatusAsync(node, null, "api/v1/feeds")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(node, "guest", "api/v1/feeds")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(node, "viewer", "api/v1/feeds")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(node, "viewer", "api/v1/users")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(node, "Admin", "api/v1/users")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task MapMlops_BelowAPrefix_AnswersThere()
    {
        await using WebNode node = await WebNode.StartAsync(prefix: "/plant/mlops");
        using HttpClient http = node.Client();
        http.BaseAddress = new Uri(node.Address, "plant/mlops/");

        (await new MlopsClient(http).Node.GetStatusAsync()).Name.ShouldBe("node1");
        (await node.Http.GetAsync("api/v1/status")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetStringAsync("openapi/v1.json")).ShouldContain("/plant/mlops");
    }

    private static async Task<HttpStatusCode> StatusAsync(WebNode node, string? role, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (role is not null)
            request.Headers.Add("X-Test-Role", role);
        using HttpResponseMessage response = await node.Http.SendAsync(request);
        return response.StatusCode;
    }
}

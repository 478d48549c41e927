using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Mlops.Web.Tests.Ui;

/// <summary>How the pages come to a browser.</summary>
[Collection(SharedNodeTests.Name)]
public sealed partial class PagesTests(SharedNode shared)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/assets")]
    [InlineData("/assets/press%2F4")]
    [InlineData("/data/oven.line?tab=table")]
    [InlineData("/ingest/dead-letters")]
    [InlineData("/workflows")]
    [InlineData("/trainings/1")]
    [InlineData("/models")]
    [InlineData("/deployments")]
    [InlineData("/access")]
    public async Task Link_ToAPageOrDeeper_IsAnsweredWithTheDocumentAndANumberUsedOnce(string path)
    {
        string[] nonces = new string[2];
        for (int i = 0; i < nonces.Length; i++)
        {
            using HttpResponseMessage response = await GetAsync(path, "text/html,application/xhtml+xml,*/*;q=0.8");

            string html = await WebNode.ReadAsync(response, HttpStatusCode.OK);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            nonces[i] = Nonce().Match(html).Groups[1].Value;
            nonces[i].Length.ShouldBe(32);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"style-src 'self' 'nonce-{nonces[i]}';");
            html.ShouldNotContain("%place%");
        }

        nonces[0].ShouldNotBe(nonces[1]);
    }

    [Theory]
    [InlineData("/assets/press-4")]
    [InlineData("/")]
    public async Task Link_AskedForAsData_IsAProblem(string path)
    {
        using HttpResponseMessage response = await GetAsync(path, "application/json");

        await WebNode.ReadAsync(response, HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("/api/v1/none", "application/problem+json")]
    [InlineData("/v2/none", "application/problem+json")]
    [InlineData("/nothing-of-ours", null)]
    public async Task Path_ThatIsNoPage_IsNotAnsweredWithThePages(string path, string? type)
    {
        using HttpResponseMessage response = await GetAsync(path, "text/html");

        (await WebNode.ReadAsync(response, HttpStatusCode.NotFound)).ShouldNotContain("<html");
        response.Content.Headers.ContentType?.MediaType.ShouldBe(type);
    }

    [Fact]
    public async Task Files_WithAHashInTheirName_ComeCompressedAndAreKeptByTheBrowser()
    {
        string html = await shared.Node.Http.GetStringAsync("/");
        string[] files = [.. File().Matches(html).Select(m => m.Groups[1].Value)];
        files.ShouldContain(f => f.EndsWith(".js", StringComparison.Ordinal));
        files.ShouldContain(f => f.EndsWith(".css", StringComparison.Ordinal));
        foreach (string file in files)
        {
            long plain = await SizeAsync(file, null), gzip = await SizeAsync(file, "gzip"), brotli = await SizeAsync(file, "br");
            gzip.ShouldBeLessThan(plain);
            brotli.ShouldBeLessThan(gzip);
        }
    }

    [Fact]
    public async Task File_AskedForAgain_IsNotSentAgain()
    {
        using HttpResponseMessage first = await shared.Node.Http.GetAsync("/favicon.svg");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/favicon.svg");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await shared.Node.Http.SendAsync(request);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        first.Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Fact]
    public async Task Pages_MappedBelowAPath_LoadTheirFilesFromThere()
    {
        await using WebNode node = await WebNode.StartAsync(prefix: "/plant/node1");

        string html = await node.Http.GetStringAsync("/plant/node1/assets/press-4");

        html.ShouldContain("name=\"mlops-place\" content=\"/plant/node1\"");
        foreach (Match file in File().Matches(html))
            (await node.Http.GetAsync(file.Groups[1].Value)).StatusCode.ShouldBe(HttpStatusCode.OK, file.Value);
        File().Count(html).ShouldBeGreaterThan(1);
        (await node.Http.GetAsync("/assets/press-4")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await shared.Node.Http.SendAsync(request);
    }

    private async Task<long> SizeAsync(string file, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, file);
        if (encoding is not null)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        using HttpResponseMessage response = await shared.Node.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, file);
        response.Content.Headers.ContentEncoding.ShouldBe(encoding is null ? [] : [encoding]);
        response.Headers.CacheControl!.ToString().ShouldContain("immutable");
        response.Headers.Vary.ShouldContain("Accept-Encoding");
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    [GeneratedRegex("name=\"mlops-nonce\" content=\"([0-9a-f]+)\"")]
    private static partial Regex Nonce();

    [GeneratedRegex("\"(/[^\"]*static/[^\"]+)\"")]
    private static partial Regex File();
}

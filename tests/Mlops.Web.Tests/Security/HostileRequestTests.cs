using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Mlops.Client;

namespace Mlops.Web.Tests.Security;

public sealed class HostileRequestTests
{
    [Theory]
    [InlineData("workflows", "application/zip")]
    [InlineData("feeds/press/records", "text/csv")]
    [InlineData("backups/slow", "application/zip")]
    [InlineData("trainings", "application/json")]
    public async Task Body_ThatDripsByteByByte_IsEndedWithAProblem(string path, string type)
    {
        await using WebNode node = await WebNode.StartAsync(settings: [("Mlops:Web:UploadTimeout", "00:00:00.5"), ("Mlops:Web:JsonTimeout", "00:00:00.5")]);
        using var socket = new TcpClient("127.0.0.1", node.Address.Port);
        NetworkStream stream = socket.GetStream();
        string method = path.StartsWith("backups", StringComparison.Ordinal) ? "PUT" : "POST";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: 100000\r\n\r\n"));
        Task<string> answer = ReadAsync(stream);

        for (int i = 0; i < 1200 && !answer.IsCompleted; i++)
        {
            try
            {
                await stream.WriteAsync("t"u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(answer, Task.Delay(50));
        }

        string text = await answer;
        text.ShouldStartWith("HTTP/1.1 408");
        text.ShouldContain("application/problem+json");
        text.ShouldContain("Mlops:Web:UploadTimeout");
        (await node.Typed.Node.GetStatusAsync()).Healthy.ShouldBeTrue();
        Directory.Exists(Path.Combine(node.Folder, "backups")).ShouldBe(method == "PUT");
        if (method == "PUT")
            Directory.EnumerateFiles(Path.Combine(node.Folder, "backups")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("x = 1; DROP TABLE feed")]
    [InlineData("x = 1) UNION SELECT * FROM \"press\" --")]
    [InlineData("x IN (SELECT x FROM \"press\")")]
    [InlineData("x = (SELECT count(*) FROM read_csv('/etc/passwd'))")]
    [InlineData("read_text('/etc/passwd') IS NOT NULL")]
    [InlineData("getenv('HOME') IS NOT NULL")]
    [InlineData("x = 1 /* ")]
    [InlineData("'")]
    [InlineData("ATTACH 'x.db'")]
    [InlineData("COPY press TO '/tmp/mlops-web-out.csv'")]
    [InlineData("x = random()")]
    public async Task Filter_ThatIsNoPureExpression_IsRefusedWhereverFiltersAreTaken(string filter)
    {
        await using WebNode node = await WebNode.StartAsync();
        await node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await node.Typed.Workflows.UploadAsync(DoublingPackage.Zip());
        string query = Uri.EscapeDataString(filter);

        foreach (string path in new[] { $"records?filter={query}", $"records?format=csv&filter={query}", $"records?format=parquet&filter={query}", $"last?filter={query}" })
        {
            using HttpResponseMessage response = await node.Http.GetAsync($"api/v1/feeds/press/{path}");
            string text = await WebNode.ReadAsync(response, HttpStatusCode.BadRequest);
            text.ShouldNotContain("root:");
        }

        using HttpResponseMessage training = await node.Http.PostAsync("api/v1/trainings", WebNode.Json(new JsonObject { ["workflow"] = "double", ["feed"] = "press", ["filter"] = filter }.ToJsonString()));
        training.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await node.Typed.Feeds.GetAsync("press")).Records.ShouldBe(3);
        File.Exists("/tmp/mlops-web-out.csv").ShouldBeFalse();
    }

    [Fact]
    public async Task Text_OfStrangersWithMarkup_ComesBackAsDataThatNoBrowserRuns()
    {
        const string Script = "<script>alert(1)</script>";
        await using WebNode node = await WebNode.StartAsync();
        await node.Typed.Feeds.WriteAsync("press", new RecordsBody([new JsonObject { ["timestamp"] = "2026-01-01T00:00:00Z", ["x"] = 1.5, [Script] = Script }]));
        await node.Typed.Workflows.UploadAsync(DoublingPackage.Zip());
        string training = (await node.Typed.Trainings.WaitAsync((await node.Typed.Trainings.StartAsync(new TrainingStart("double", Feed: "press"))).Id)).Id;

        foreach (string path in new[]
        {
            "feeds", "feeds/press", "feeds/press/records", "feeds/press/records?format=csv", "feeds/press/last", "workflows/double", $"trainings/{training}/log",
            "feeds/" + Uri.EscapeDataString(Script), "assets/" + Uri.EscapeDataString(Script), "status?x=" + Uri.EscapeDataString(Script),
        })
        {
            using HttpResponseMessage response = await node.Http.GetAsync("api/v1/" + path);
            response.Content.Headers.ContentType!.MediaType.ShouldBeOneOf("application/json", "application/problem+json", "text/csv");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        }
    }

    [Fact]
    public async Task SignIn_OverHttps_SetsACookieThatNeverGoesOverHttp()
    {
        using X509Certificate2 certificate = Certificate();
        await using WebNode node = await WebNode.StartAsync(
            builder => builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate))),
            settings: [("Mlops:Web:AdminPassword", "correct horse battery")]);
        using HttpClient http = node.Client(handler: new SocketsHttpHandler { UseCookies = false, SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() } });

        using HttpResponseMessage response = await http.PostAsync("api/v1/session", WebNode.Json("""{"user":"admin","password":"correct horse battery"}"""));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        string cookie = response.Headers.GetValues("Set-Cookie").Single();
        foreach (string mark in new[] { "secure", "httponly", "samesite=strict", "path=/" })
            cookie.ShouldContain(mark, Case.Insensitive);
        node.Address.Scheme.ShouldBe("https");
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[8192];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (text.ToString().Contains("\"remedy\"", StringComparison.Ordinal))
                    break;
            }
        }
        catch (IOException)
        {
            // The node closes the connection behind its answer.
        }

        return text.ToString();
    }

    private static X509Certificate2 Certificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

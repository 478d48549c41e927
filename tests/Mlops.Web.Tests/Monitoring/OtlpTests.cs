using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mlops.Web.Tests.Monitoring;

public sealed class OtlpTests
{
    [Fact]
    public async Task Export_ToACollector_SendsMetricsOfTheRoomsAndTracesOfRequestsWithItsHeaders()
    {
        var received = new ConcurrentQueue<(string Path, string Key, string Body)>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        await using WebApplication collector = builder.Build();
        collector.MapPost("/{**path}", (RequestDelegate)(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.Enqueue((http.Request.Path, http.Request.Headers["x-key"].ToString(), Encoding.Latin1.GetString(body.ToArray())));
        }));
        await collector.StartAsync();

        await using WebNode node = await WebNode.StartAsync(settings:
        [
            ("Mlops:Web:Otlp:Endpoint", collector.Urls.First()), ("Mlops:Web:Otlp:Headers", "x-key=s3cret"), ("Mlops:Web:Otlp:Interval", "00:00:00.2"),
        ]);
        await node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1));

        bool Has(string path, params string[] words) => received.Any(r => r.Path == path && words.All(w => r.Body.Contains(w, StringComparison.Ordinal)));
        await WebNode.UntilAsync(() => Task.FromResult(Has("/v1/metrics", "mlops.store.records", "node1", "Mlops.")));
        await WebNode.UntilAsync(() => Task.FromResult(Has("/v1/traces", "postRecords", "node1")));
        received.ShouldAllBe(r => r.Key == "s3cret");
        (await node.Http.GetStringAsync("api/v1/configuration")).ShouldNotContain("s3cret");
    }
}

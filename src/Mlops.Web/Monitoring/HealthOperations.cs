using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Web.Node;
using Mlops.Web.Rest;

namespace Mlops.Web.Monitoring;

/// <summary>What orchestrators and Prometheus ask.</summary>
internal static class HealthOperations
{
    private const string Text = "text/plain";

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("getHealth", "monitoring", "/healthz", "Answers 200 while the process works.", _ => Plain("ok\n")).Root().Returns(200, Text),
        Operation.Get("getReadiness", "monitoring", "/readyz", "Answers 200 while the node serves, 503 before and after, and while the store refuses to write.", Ready).Root().Returns(200, Text).Refuses(503),
        Operation.Get("getMetrics", "monitoring", "/metrics", "Returns the metrics in Prometheus' text format.", Metrics).Root().Returns(200, PrometheusText.ContentType),
    ];

    private static Reply Ready(Call call)
    {
        NodeHealth health = call.Http.RequestServices.GetRequiredService<NodeHealth>();
        string? reason = health.NotReady ?? (health.Rooms().FirstOrDefault(r => r.Name == "store") is { State: not NodeHealth.Ok and not "degraded" } ? "The store cannot write." : null);
        // Whoever is not signed in learns no more than that.
        return reason is null ? Plain("ready\n") : throw new ProblemException(503, reason, "Ask again in a moment; GET /api/v1/status says more.") { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    private static Reply Metrics(Call call) => Reply.Bytes(call.Http.RequestServices.GetRequiredService<MetricsCollector>().Write(), PrometheusText.ContentType);

    private static Reply Plain(string text) => Reply.Bytes(Encoding.UTF8.GetBytes(text), $"{Text}; charset=utf-8");
}

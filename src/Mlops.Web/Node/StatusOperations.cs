using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mlops.Client;
using Mlops.Databus;
using Mlops.Hosting;
using Mlops.Runtime;
using Mlops.Training.Lifecycle;
using Mlops.Web.Rest;

namespace Mlops.Web.Node;

/// <summary>What the node says of itself.</summary>
internal static class StatusOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("getStatus", "node", "/status", "Tells name, layer, version, uptime and the health of each room. Answers 503 until the node has started and its broker listens.", Get)
            .Returns<NodeStatus>().Refuses(503),
        Operation.Get("listLifecycle", "node", "/lifecycle", "Lists what happened to models and deployments, newest first.", Lifecycle)
            .Takes(new QueryParameter("subject", "string", "Only what happened to this model or deployment.")).Paged().Returns<IReadOnlyList<LifecycleEntry>>(),
    ];

    private static Reply Get(Call call)
    {
        IServiceProvider services = call.Http.RequestServices;
        NodeHealth health = services.GetRequiredService<NodeHealth>();
        if (health.NotReady is { } reason)
            throw new ProblemException(503, reason, "Ask again in a moment.") { RetryAfter = TimeSpan.FromSeconds(1) };
        MlopsOptions options = services.GetRequiredService<IOptions<MlopsOptions>>().Value;
        IReadOnlyList<RoomHealth> rooms = health.Rooms();
        ProcessLoad process = services.GetRequiredService<ProcessLoad>();
        ProcessLoad.Load load = process.Read();
        return Reply.Json(new NodeStatus(
            options.Node.Name,
            Names.Of(options.Node.Layer),
            NodeHealth.Version,
            Math.Round(health.Uptime.TotalSeconds, 3),
            health.Started,
            rooms.All(r => r.State == NodeHealth.Ok),
            rooms,
            [.. (services.GetService<IPythonRuntimeStatus>()?.Containment ?? []).Select(c => new ContainmentStatus(c.Name, c.Active, c.By))],
            services.GetService<IMqttEndpoint>() is { } mqtt ? new BrokerAddress(mqtt.Host, mqtt.Port) : null,
            ProcessLoad.MemoryMiB,
            load.CpuPercent,
            load.Watts,
            process.PowerMethod));
    }

    private static Reply Lifecycle(Call call) => call.Page(call.Service<ILifecycle>().List(call.Text("subject"), 10_000)
        .Select(e => new LifecycleEntry(e.Subject, e.Action, e.At, e.Model, e.Author, e.Text)));
}

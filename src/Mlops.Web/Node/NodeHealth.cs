using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Client;
using Mlops.Databus;
using Mlops.Drivers;
using Mlops.Ingest;
using Mlops.Messaging;
using Mlops.Prediction;
using Mlops.Runtime;
using Mlops.Store;
using Mlops.Training;

namespace Mlops.Web.Node;

/// <summary>How the rooms of this node are doing; a room that the host does not have is not named.</summary>
internal sealed class NodeHealth(IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public const string Ok = "ok";
    private const string Degraded = "degraded";
    private const string Faulted = "faulted";
    private readonly long _began = time.GetTimestamp();

    public static string Version { get; } =
        typeof(MlopsServiceCollectionExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public DateTimeOffset Started { get; } = time.GetUtcNow();

    public TimeSpan Uptime => time.GetElapsedTime(_began);

    /// <summary>Gets why the node does not serve yet, or serves no more; <see langword="null"/> when it does.</summary>
    public string? NotReady
    {
        get
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return "The node is stopping.";
            if (!lifetime.ApplicationStarted.IsCancellationRequested)
                return "The node is starting.";
            return services.GetService<IMqttEndpoint>() is { Port: 0 } ? "The broker of the node does not listen yet." : null;
        }
    }

    public IReadOnlyList<RoomHealth> Rooms()
    {
        var rooms = new List<RoomHealth>();
        if (services.GetService<IStoreKeeper>() is { } store)
            rooms.Add(Of(store.Status()));
        if (services.GetService<IIngestStatus>() is { } ingest)
            rooms.Add(Of(ingest.Report()));
        if (services.GetService<IMessageBus>() is { } bus)
            rooms.Add(Room("databus", bus.State == BusState.Connected ? null : (Faulted, $"The message bus is {bus.State.ToString().ToLowerInvariant()}; it keeps trying. Look whether its broker runs.")));
        if (services.GetService<IAssets>() is { } assets)
            rooms.Add(Of(assets.List()));
        if (services.GetService<ITrainings>() is { } trainings)
            rooms.Add(Of(trainings.List()));
        if (services.GetService<IDeployments>() is { } deployments)
            rooms.Add(Of(deployments.List()));
        if (services.GetService<IPythonRuntimeStatus>() is { } python)
            rooms.Add(Room("runtime", python.InProcessStopped is { } stopped ? (Degraded, stopped) : null));
        return rooms;
    }

    private static RoomHealth Of(StoreStatus status)
    {
        (string, string)? trouble = status.Trouble is { } reason ? (Faulted, reason)
            : status.Damaged.Count > 0 ? (Degraded, $"{status.Damaged.Sum(d => d.Count)} records of {status.Damaged.Select(d => d.Feed).Distinct().Count()} feeds could not be read and were set aside. Restore them from a backup, or give them up.")
            : null;
        return Room("store", trouble, ("feeds", status.Feeds.Count), ("records", status.Feeds.Sum(f => f.Records)), ("bytes", status.Feeds.Sum(f => f.Bytes) + status.DatabaseBytes), ("freeBytes", status.FreeBytes));
    }

    private static RoomHealth Of(IngestReport report) => Room(
        "ingest",
        report.Trouble is { } reason ? (Faulted, reason) : report.Lost > 0 ? (Degraded, $"{report.Lost} records or dead letters could not be kept. Free disk space.") : null,
        ("messages", report.Messages), ("records", report.Records), ("pending", report.Pending), ("deadLetters", report.DeadLetters), ("duplicates", report.Duplicates), ("gaps", report.Gaps), ("staleFeeds", report.StaleFeeds));

    private static RoomHealth Of(IReadOnlyList<AssetInfo> assets)
    {
        string[] lost = [.. assets.Where(a => a.State is DriverState.Faulted or DriverState.Degraded).Select(a => a.Id)];
        return Room(
            "drivers", lost.Length > 0 ? (Degraded, $"These assets are not well reached: {string.Join(", ", lost.Take(5))}{(lost.Length > 5 ? ", …" : "")}. Look at the reason that each gives.") : null,
            ("assets", assets.Count), ("connected", assets.Count(a => a.State == DriverState.Connected)));
    }

    private static RoomHealth Of(IReadOnlyList<TrainingInfo> trainings) => Room(
        "training", null, ("queued", trainings.Count(t => t.State == TrainingState.Queued)), ("running", trainings.Count(t => t.State == TrainingState.Running)));

    private static RoomHealth Of(IReadOnlyList<DeploymentInfo> deployments)
    {
        string[] faulted = [.. deployments.Where(d => d.State == DeploymentState.Faulted).Select(d => d.Id)];
        return Room(
            "prediction", faulted.Length > 0 ? (Degraded, $"These deployments do not answer: {string.Join(", ", faulted.Take(5))}. Look at the reason that each gives.") : null,
            ("running", deployments.Count(d => d.State == DeploymentState.Running)), ("answered", deployments.Sum(d => d.Answered)));
    }

    private static RoomHealth Room(string name, (string State, string Reason)? trouble, params ReadOnlySpan<(string Name, long Value)> figures)
    {
        var json = new JsonObject();
        foreach ((string figure, long value) in figures)
            json[figure] = value;
        return new RoomHealth(name, trouble?.State ?? Ok, trouble?.Reason, json.Count > 0 ? json : null);
    }
}

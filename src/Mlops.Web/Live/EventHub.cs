using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mlops.Client;
using Mlops.Drivers;
using Mlops.Prediction;
using Mlops.Prediction.Backtests;
using Mlops.Prediction.Retraining;
using Mlops.Store;
using Mlops.Training;
using Mlops.Training.Lifecycle;
using Mlops.Web.Rest;
using Mlops.Web.Runs;

namespace Mlops.Web.Live;

/// <summary>
/// Passes on what happens to those who listen. One lock orders who listens to what; events themselves are sent without it. While
/// nobody listens, nothing runs.
/// </summary>
internal sealed class EventHub : IDisposable
{
    /// <summary>How many feeds one client may follow.</summary>
    public const int MaxFeeds = 100;

    /// <summary>The states that clients can hear of.</summary>
    public static readonly IReadOnlyList<string> Topics = ["training", "backtest", "retraining", "lifecycle", "labels", "deployment", "asset"];

    /// <summary>After how many looks around clients get a sign of life.</summary>
    private const int LooksPerHeartbeat = 15;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LiveFeed> _feeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);
    private readonly IServiceProvider _services;
    private readonly IFeedReader _reader;
    private readonly ILogger<EventHub> _logger;
    private readonly ITimer _timer;
    private long _looks;
    private volatile EventClient[] _clients = [];

    public EventHub(IServiceProvider services, IFeedReader reader, TimeProvider time, ILogger<EventHub> logger)
    {
        (_services, _reader, _logger) = (services, reader, logger);
        if (services.GetService<ITrainings>() is { } trainings)
            trainings.Changed += t => Send("training", () => EventFrame.Of("training", RunContracts.Of(t)));
        if (services.GetService<IBacktests>() is { } backtests)
            backtests.Changed += b => Send("backtest", () => EventFrame.Of("backtest", RunContracts.Of(b)));
        if (services.GetService<IRetraining>() is { } retraining)
            retraining.Changed += r => Send("retraining", () => EventFrame.Of("retraining", RetrainingContracts.Of(r)));
        if (services.GetService<ILifecycle>() is { } lifecycle)
            lifecycle.Happened += e => Send("lifecycle", () => EventFrame.Of("lifecycle", new LifecycleEntry(e.Subject, e.Action, e.At, e.Model, e.Author, e.Text)));
        if (services.GetService<ILabels>() is { } labels)
            labels.Added += (feed, added) => Send("labels", () => Labels(feed, added.Count));
        _timer = time.CreateTimer(_ => LookAround(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets how many listen.</summary>
    public int Count => _clients.Length;

    /// <summary>Gets how many events are missed that their listeners were not told of yet.</summary>
    public long Missed => _clients.Sum(c => c.Dropped);

    /// <summary>Lets a client hear what happens from now on, while as many listen as may.</summary>
    public EventPlace Add(EventClient client, IEnumerable<string> feeds, int most, int mostOfOne)
    {
        lock (_lock)
        {
            if (_clients.Length >= most)
                return EventPlace.NoneLeft;
            if (_clients.Count(c => c.Caller == client.Caller) >= mostOfOne)
                return EventPlace.NoneLeftForCaller;
            if (_clients.Length == 0)
            {
                ReadStates(null);
                _timer.Change(Look, Look);
            }

            _clients = [.. _clients, client];
            foreach (string feed in client.AllFeeds ? _reader.List().Select(f => f.Schema.Feed) : feeds)
                Follow(client, feed);
            return EventPlace.Taken;
        }
    }

    public void Remove(EventClient client)
    {
        lock (_lock)
        {
            _clients = [.. _clients.Where(c => c != client)];
            foreach ((string feed, LiveFeed live) in client.Feeds)
            {
                live.Remove(client);
                if (live.IsIdle && _feeds.Remove(feed))
                    live.Dispose();
            }

            if (_clients.Length == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Sends a sign of life to all, upon which those end that may listen no more.</summary>
    public void Beat()
    {
        foreach (EventClient client in _clients)
            client.Send(EventFrame.Heartbeat);
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            foreach (LiveFeed live in _feeds.Values)
                live.Dispose();
            _feeds.Clear();
        }
    }

    private void Follow(EventClient client, string feed)
    {
        if (client.Feeds.Count >= MaxFeeds || client.Feeds.ContainsKey(feed))
            return;
        if (!_feeds.TryGetValue(feed, out LiveFeed? live))
        {
            string? deployment = _services.GetService<IDeployments>()?.List().FirstOrDefault(d => d.PredictionFeed == feed)?.Id;
            _feeds.Add(feed, live = new LiveFeed(feed, deployment, _reader, _logger));
            live.Add(client);
            live.Start();
        }
        else
        {
            live.Add(client);
        }

        client.Feeds.Add(feed, live);
    }

    // Assets and deployments do not tell when their state changes, and feeds not when they are new.
    private void LookAround()
    {
        lock (_lock)
        {
            if (_clients.Length == 0)
                return;
            if (++_looks % LooksPerHeartbeat == 0)
                Beat();
            try
            {
                ReadStates(Send);
                if (_clients.Any(c => c.AllFeeds))
                {
                    string[] feeds = [.. _reader.List().Select(f => f.Schema.Feed)];
                    foreach (EventClient client in _clients.Where(c => c.AllFeeds))
                    {
                        foreach (string feed in feeds)
                            Follow(client, feed);
                    }
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The store is in trouble or stopping; status and log say so.
            }
        }
    }

    private void ReadStates(Action<string, Func<ReadOnlyMemory<byte>>>? send)
    {
        foreach (DeploymentInfo deployment in _services.GetService<IDeployments>()?.List() ?? [])
        {
            if (IsNew($"deployment {deployment.Id}", $"{deployment.State} {deployment.Request.Model} {deployment.Candidate?.Model} {deployment.Drift?.Drifted} {deployment.Reason}"))
                send?.Invoke("deployment", () => EventFrame.Of("deployment", RunContracts.Of(deployment)));
        }

        foreach (AssetInfo asset in _services.GetService<IAssets>()?.List() ?? [])
        {
            if (IsNew($"asset {asset.Id}", $"{asset.State} {asset.Reason}"))
                send?.Invoke("asset", () => Asset(asset));
        }
    }

    private bool IsNew(string key, string state)
    {
        if (_states.TryGetValue(key, out string? before) && before == state)
            return false;
        _states[key] = state;
        return true;
    }

    private void Send(string topic, Func<ReadOnlyMemory<byte>> make)
    {
        ReadOnlyMemory<byte> frame = default;
        foreach (EventClient client in _clients)
        {
            if (!client.Topics.Contains(topic))
                continue;
            if (frame.IsEmpty)
                frame = make();
            client.Send(frame);
        }
    }

    private static ReadOnlyMemory<byte> Labels(string feed, int count) => EventFrame.Of("labels", null, json =>
    {
        json.WriteStartObject();
        json.WriteString("feed", feed);
        json.WriteNumber("count", count);
        json.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Asset(AssetInfo asset) => EventFrame.Of("asset", null, json =>
    {
        json.WriteStartObject();
        json.WriteString("id", asset.Id);
        json.WriteString("kind", asset.Kind);
        json.WriteString("state", Names.Of(asset.State));
        if (asset.Reason is not null)
            json.WriteString("reason", asset.Reason);
        json.WriteEndObject();
    });
}

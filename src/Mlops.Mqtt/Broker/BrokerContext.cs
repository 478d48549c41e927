using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Broker.Persistence;
using Mlops.Mqtt.Broker.Statistics;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>What all connections of one broker share.</summary>
internal sealed class BrokerContext
{
    /// <summary>How many log lines clients of one address cause by being refused or denied something, so that none floods the log.</summary>
    private const double ComplaintsPerSecond = 1;
    private const int ComplaintsAtOnce = 20;

    /// <summary>How often what comes in floods is worth a line of the log, for each address.</summary>
    private static readonly TimeSpan FloodInterval = TimeSpan.FromMinutes(1);

    /// <summary>How many take-overs of one name in a row are nothing special: clients change networks.</summary>
    private const int TakeOversAtOnce = 5;

    private readonly RateLimiter<IPAddress> complaints;
    private readonly RateLimiter<IPAddress> floods;
    private readonly RateLimiter<string> takeOvers;

    public BrokerContext(MqttBrokerOptions options, MqttBrokerCounters counters, ILogger logger, TimeProvider time)
    {
        Options = options;
        Counters = counters;
        Logger = logger;
        Time = time;
        var clock = new WallClock(time);
        if (options.DataFolder is { } folder)
            Store = new BrokerStore(folder, options.MaxDataBytes, clock, logger);
        Retained = new RetainedMessages(options.MaxRetained, options.MaxRetainedBytes, time, Store);
        Pipeline = new MessagePipeline(Router, Retained, counters, logger, time, Store);
        Gatekeeper = new Gatekeeper(options, logger, time);
        Sessions = new SessionRegistry(options, counters, Router, PublishWill, time, Store);
        Connects = new RateLimiter<IPAddress>(options.MaxConnectsPerSecond, options.MaxConnectsPerSecond, time);
        complaints = new RateLimiter<IPAddress>(ComplaintsPerSecond, ComplaintsAtOnce, time);
        floods = new RateLimiter<IPAddress>(1 / FloodInterval.TotalSeconds, 1, time);
        takeOvers = new RateLimiter<string>(1 / FloodInterval.TotalSeconds, TakeOversAtOnce, time);
        if (Store is not null)
            new StateRestorer(Sessions, Retained, Router, options, time, clock).Restore(Store.Load(), id => new SessionJournal(Store, id), counters, logger);
        if (options.SystemTopicsInterval > TimeSpan.Zero)
            SystemTopics = new SystemTopics(this);
    }

    public MqttBrokerOptions Options { get; }

    /// <summary>What keeps sessions and retained messages on the disk, or null.</summary>
    public BrokerStore? Store { get; }

    public MqttBrokerCounters Counters { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    public Router Router { get; } = new();

    public RetainedMessages Retained { get; }

    public SessionRegistry Sessions { get; }

    public MessagePipeline Pipeline { get; }

    public Gatekeeper Gatekeeper { get; }

    /// <summary>Bounds how often an address connects.</summary>
    public RateLimiter<IPAddress> Connects { get; }

    /// <summary>Counts a connection that was refused, and says why; of what comes in floods once a minute for each address.</summary>
    public void Refuse(RefusalReason reason, EndPoint? remote, Action<ILogger> say)
    {
        Counters.Refused.Count(reason);
        if (reason is not (RefusalReason.Rate or RefusalReason.Connections or RefusalReason.Timeout))
            Complain(remote, say);
        else if (floods.TryTake(PeerAddress.Of(remote)))
            say(Logger);
    }

    /// <summary>Says that a connection has lost its session to a newer one, and of two that take it from each other again and again once.</summary>
    public void TakeOver(string clientId, string older, string newer)
    {
        Counters.CountTakenOver();
        if (!takeOvers.TryTake(clientId, out bool isLast))
            return;
        if (isLast)
            Log.TakenOverAgain(Logger, clientId, older, newer);
        else
            Log.TakenOver(Logger, clientId, older, newer);
    }

    /// <summary>Counts what a client may not do, and says so.</summary>
    public void Deny(string clientId, EndPoint? endPoint, MqttAccess access, string topic)
    {
        Counters.CountDenied();
        Complain(endPoint, logger => Log.Denied(logger, clientId, $"{endPoint}", access, topic));
    }

    /// <summary>Writes a line to the log, unless the address has caused many already.</summary>
    public void Complain(EndPoint? remote, Action<ILogger> say)
    {
        if (!complaints.TryTake(PeerAddress.Of(remote), out bool isLast))
            return;
        say(Logger);
        if (isLast)
            Log.ComplaintsSuppressed(Logger, remote);
    }

    /// <summary>Whether the broker is stopping: then wills are published only when the options say so.</summary>
    public bool IsStopping { get; set; }

    /// <summary>What the broker says about itself, or null when it is not to.</summary>
    public SystemTopics? SystemTopics { get; }

    /// <summary>Gives up what has expired: sessions, messages, and the delay of wills; and publishes the statistics. Called every now and then.</summary>
    public void Attend()
    {
        Sessions.RemoveExpired();
        Retained.RemoveExpired();
        SystemTopics?.PublishWhenDue();
    }

    /// <summary>Counts what the broker holds.</summary>
    public BrokerFigures Measure()
    {
        var (retained, retainedBytes) = Retained.Size;
        return Sessions.Measure() with { Retained = retained, RetainedBytes = retainedBytes };
    }

    private void PublishWill(PendingWill pending)
    {
        if (IsStopping && !Options.PublishWillsOnStop)
            return;
        var (will, session, userName, endPoint) = pending;
        if (!Gatekeeper.MayPublish(session.ClientId, userName, will.Topic))
        {
            Deny(session.ClientId, endPoint, MqttAccess.Publish, will.Topic);
            return;
        }

        byte flags = PublishFlags.Of(will.QualityOfService, will.Retain);
        var message = new MqttIncoming(TopicEntry.Of(will.Topic), will.Payload.Span, flags, Stopwatch.GetTimestamp(), false)
        {
            ClientId = session.ClientId,
            Properties = PublishProperties.Read(will.Properties.Span),
        };
        // The pipeline guards all calls of others' code, and nobody waits for a will.
        _ = Pipeline.Publish(message, session, default).AsTask();
    }
}

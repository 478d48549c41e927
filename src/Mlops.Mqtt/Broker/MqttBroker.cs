using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Mqtt.Broker;
using Mlops.Mqtt.Broker.Statistics;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt;

/// <summary>An MQTT 5 and 3.1.1 broker for the own process. Thread-safe.</summary>
/// <remarks>
/// Offers all of both versions. Everything is bounded by <see cref="MqttBrokerOptions"/>. Retained messages and sessions outlive
/// <see cref="StopAsync"/>, and the process too when there is a <see cref="MqttBrokerOptions.DataFolder"/>.
/// </remarks>
public sealed class MqttBroker : IAsyncDisposable
{
    private const int MaxHostTopics = 4096;

    private readonly BrokerContext context;
    private readonly BrokerInstruments instruments;
    private readonly SemaphoreSlim lifecycle = new(1);
    private readonly ConcurrentDictionary<string, TopicEntry> hostTopics = new(StringComparer.Ordinal);
    private BrokerListeners? listeners;
    private int lastPort;
    private int disposed;

    /// <summary>Creates a broker; it does not listen yet.</summary>
    /// <param name="options">The settings; later changes to them have no effect, except to <see cref="MqttBrokerOptions.Users"/>.</param>
    /// <param name="logger">Gets refusals, broken protocols and failures of handlers; null for silence.</param>
    /// <param name="time">Measures keep alive and expiry; null for the system's clock.</param>
    /// <exception cref="ArgumentException">A setting cannot be used; the message lists all that cannot.</exception>
    /// <exception cref="IOException"><see cref="MqttBrokerOptions.UsersFile"/> or <see cref="MqttBrokerOptions.DataFolder"/> cannot be used.</exception>
    public MqttBroker(MqttBrokerOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        context = new BrokerContext(options.Checked(), Counters, logger ?? NullLogger.Instance, time ?? TimeProvider.System);
        instruments = new BrokerInstruments(Counters, context.Measure, () => Volatile.Read(ref lastPort));
        lastPort = context.Options.AllListeners[0].Port;
    }

    /// <summary>Gets or sets who may connect, instead of <see cref="MqttBrokerOptions.Users"/>; the result goes into CONNACK. Set before the start.</summary>
    public Func<MqttAuthenticationContext, ValueTask<MqttReasonCode>>? Authenticate
    {
        get => context.Gatekeeper.Authenticate;
        set => context.Gatekeeper.Authenticate = value;
    }

    /// <summary>Gets or sets what clients may publish and subscribe to; without it, everything. Set before the start.</summary>
    public MqttAuthorization? Authorize
    {
        get => context.Gatekeeper.Authorize;
        set => context.Gatekeeper.Authorize = value;
    }

    /// <summary>Gets what the broker has done so far.</summary>
    public MqttBrokerCounters Counters { get; } = new();

    /// <summary>Gets the port that the first listener listens on, or 0 while it does not.</summary>
    public int Port => EndPoints is [var first, ..] ? first.Port : 0;

    /// <summary>Gets the addresses and ports that the broker listens on, in the order of its listeners; none while it does not.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => Volatile.Read(ref listeners)?.EndPoints ?? [];

    /// <summary>Starts to listen.</summary>
    /// <param name="cancellationToken">Ends the waiting for a running stop.</param>
    /// <returns>A task that is complete when clients can connect.</returns>
    /// <exception cref="IOException">An address cannot be listened on, or a certificate cannot be used; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The broker listens already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (listeners is not null)
                throw new InvalidOperationException($"The MQTT broker listens on {listeners.EndPoints[0]} already. Call StopAsync first.");
            context.IsStopping = false;
            Volatile.Write(ref listeners, await BrokerListeners.StartAsync(context).ConfigureAwait(false));
            Volatile.Write(ref lastPort, Port);
        }
        finally
        {
            lifecycle.Release();
        }
    }

    /// <summary>Stops listening and disconnects all clients. Wills are not published.</summary>
    /// <param name="cancellationToken">Ends the waiting for a running start.</param>
    /// <returns>A task that completes when all connections are closed, after 5 s at the latest.</returns>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (listeners is null)
                return;
            await listeners.DisposeAsync().ConfigureAwait(false);
            Volatile.Write(ref listeners, null);
        }
        finally
        {
            lifecycle.Release();
        }
    }

    /// <summary>Adds a hook that sees each message from the network before it is routed, and may hold its PUBACK.</summary>
    /// <param name="hook">The hook.</param>
    /// <returns>What removes the hook.</returns>
    /// <exception cref="InvalidOperationException">30 hooks and subscribers with manual acknowledgement are registered already.</exception>
    public IDisposable AddPublishHook(MqttPublishHook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return context.Pipeline.AddHook(hook);
    }

    /// <summary>Publishes a message from this process, without a network. It passes no hook.</summary>
    /// <param name="topic">The topic, without wildcards.</param>
    /// <param name="payload">The content; copied where it is kept.</param>
    /// <param name="qualityOfService">The quality with which clients get it at best.</param>
    /// <param name="retain">Whether it is kept for later subscribers; an empty payload removes the kept one.</param>
    /// <param name="cancellationToken">Checked before anything is done.</param>
    /// <returns>A task that completes when subscribers in this process have handled it and it is queued for the others; of QoS 1 and 2,
    /// also on the disk where it has to be.</returns>
    /// <exception cref="ArgumentException">The topic cannot be published to.</exception>
    public ValueTask PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfService qualityOfService = MqttQualityOfService.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var entry = HostTopic(topic);
        var message = new MqttIncoming(entry, payload.Span, PublishFlags.Of(qualityOfService, retain), Stopwatch.GetTimestamp(), false);
        return context.Pipeline.Publish(message, null, default);
    }

    /// <summary>Publishes a message with its properties from this process, without a network. It passes no hook.</summary>
    /// <param name="message">The message; its payload is copied where it is kept.</param>
    /// <param name="cancellationToken">Checked before anything is done.</param>
    /// <returns>A task that completes when subscribers in this process have handled it and it is queued for the others; of QoS 1 and 2,
    /// also on the disk where it has to be.</returns>
    /// <exception cref="ArgumentException">The message cannot be published; the exception says why.</exception>
    public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.FindProblem() is { } problem)
            throw new ArgumentException(problem, nameof(message));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        return context.Pipeline.Publish(Incoming(message, null), null, default);
    }

    /// <summary>Publishes what a bridge has taken from another broker: on the way of a client's message, hooks included.</summary>
    /// <param name="message">The message, of QoS 0 or 1.</param>
    /// <param name="clientId">The name under which hooks see the bridge.</param>
    /// <returns>A task that completes when the message of QoS 1 is acknowledged, as a client's would be.</returns>
    internal ValueTask PublishBridgedAsync(MqttMessage message, string clientId)
    {
        HeldPublish held = default;
        if (message.QualityOfService != MqttQualityOfService.AtMostOnce)
        {
            // Takes one message and has room again when nobody holds it any more, which is what the pipeline's task waits for.
            var acknowledgement = new AcknowledgementSequencer(1, strict: false, new ReceivedIdentifiers(), static (_, _, _) => { });
            held = new HeldPublish(acknowledgement, acknowledgement.Enter(1, MqttQualityOfService.AtLeastOnce, out _), 0);
        }

        return context.Pipeline.Publish(Incoming(message, clientId), null, held);
    }

    /// <summary>Disconnects a client. Its session stays as long as it asked for; its will is published, unless it is back before the delay is over.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="reason">What an MQTT 5 client is told; one that DISCONNECT may carry.</param>
    /// <param name="reasonString">What an MQTT 5 client is told in words, or null.</param>
    /// <param name="serverReference">The server that an MQTT 5 client is sent to, with <see cref="MqttReasonCode.UseAnotherServer"/> and
    /// <see cref="MqttReasonCode.ServerMoved"/>, or null.</param>
    /// <returns>False when no client of that name is connected.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A broker cannot give this reason.</exception>
    public bool Disconnect(
        string clientId,
        MqttReasonCode reason = MqttReasonCode.AdministrativeAction,
        string? reasonString = null,
        string? serverReference = null)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        if (reason == MqttReasonCode.DisconnectWithWill || !ReasonRules.Allows(PacketType.Disconnect, (byte)reason))
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "A broker cannot disconnect with this reason; AdministrativeAction is the usual one.");
        if (context.Sessions.FindConnection(clientId) is not { } connection)
            return false;
        connection.Disconnect(new DisconnectPacket(reason, null, reasonString, serverReference));
        return true;
    }

    /// <summary>Adds a method of enhanced authentication (MQTT 5, section 4.12). Clients that name it pass it instead of <see cref="Authenticate"/>.</summary>
    /// <param name="name">The name that clients send, such as SCRAM-SHA-256. A later method of the same name takes the place of an earlier one.</param>
    /// <param name="begin">Begins a run for what a client presents; called at its connect and each time it authenticates again.</param>
    public void AddAuthenticationMethod(string name, Func<MqttAuthenticationContext, IMqttAuthenticationExchange> begin)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(begin);
        context.Gatekeeper.AddMethod(name, begin);
    }

    /// <summary>Subscribes in this process, without a network. Retained messages are handed over before the method returns.</summary>
    /// <remarks>
    /// The handler runs on the read loop of the publishing client, or on the thread of <c>PublishAsync</c>: for one publisher one at
    /// a time, for several at once. An incomplete task stops reading from that publisher, and its PUBACK waits for the task too.
    /// </remarks>
    /// <param name="filter">The topic filter.</param>
    /// <param name="handler">Called for each message.</param>
    /// <param name="manualAcknowledgement">Whether the PUBACK of each QoS 1 message waits until the handler's owner completes
    /// <see cref="MqttIncoming.Acknowledgement"/>; the delivery to others does not wait.</param>
    /// <returns>What ends the subscription.</returns>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    /// <exception cref="InvalidOperationException">30 hooks and subscribers with manual acknowledgement are registered already.</exception>
    public IDisposable Subscribe(string filter, MqttMessageHandler handler, bool manualAcknowledgement = false)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(handler);
        if (!MqttTopicFilter.IsValidFilter(filter))
            throw new ArgumentException($"'{filter}' is not a topic filter: '+' fills a whole level, '#' stands last, {MqttTopicFilter.MaxLevels} levels at most.", nameof(filter));
        if (SharedFilter.IsShared(filter))
            throw new ArgumentException($"'{filter}' is for clients that share the messages; a subscriber in this process gets every one. Leave '$share/name/' away.", nameof(filter));
        return context.Pipeline.AddLocal(new LocalSubscriber(filter, handler, manualAcknowledgement));
    }

    /// <summary>Subscribes for a bridge: with acknowledgement by hand, and with live messages as they were published.</summary>
    internal IDisposable SubscribeAsPublished(string filter, MqttMessageHandler handler) =>
        context.Pipeline.AddLocal(new LocalSubscriber(filter, handler, ManualAcknowledgement: true, RetainAsPublished: true));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await StopAsync().ConfigureAwait(false);
        instruments.Dispose();
        context.Store?.Dispose();
        lifecycle.Dispose();
    }

    private MqttIncoming Incoming(MqttMessage message, string? clientId)
    {
        byte flags = PublishFlags.Of(message.QualityOfService, message.Retain);
        return new MqttIncoming(HostTopic(message.Topic), message.Payload.Span, flags, Stopwatch.GetTimestamp(), false)
        {
            ClientId = clientId,
            Properties = PublishProperties.Read(message.EncodeProperties()),
            ExpiryLeft = message.ExpirySeconds,
        };
    }

    /// <summary>Remembers the topics of the host with their routes, as a connection does for its client.</summary>
    private TopicEntry HostTopic(string topic)
    {
        if (hostTopics.TryGetValue(topic, out var entry))
            return entry;
        if (!MqttTopicFilter.IsValidTopic(topic))
            throw new ArgumentException($"Nothing can be published to '{topic}': a topic is not empty, has no wildcard, no NUL, and at most 65535 bytes.", nameof(topic));
        if (hostTopics.Count >= MaxHostTopics)
            hostTopics.Clear();
        return hostTopics[topic] = TopicEntry.Of(topic);
    }
}

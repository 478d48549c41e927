using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Mqtt.Client;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt;

/// <summary>An MQTT 5 and 3.1.1 client. Thread-safe.</summary>
/// <remarks>
/// <see cref="StartAsync"/> keeps the client connected for as long as it lives; <see cref="ConnectAsync"/> makes one attempt and does
/// not connect again. Subscriptions may be made before either: they are put in place with each connection.
/// </remarks>
public sealed class MqttClient : IAsyncDisposable
{
    private readonly ClientSession session;
    private readonly ClientRunner runner;
    private readonly ClientPublisher publisher;
    private readonly ClientSubscriber subscriber;
    private readonly ClientInstruments instruments;
    private readonly ILogger logger;
    private readonly SemaphoreSlim lifecycle = new(1);
    private CancellationTokenSource? stopping;
    private Task running = Task.CompletedTask;
    private bool managed;
    private int state;
    private int disposed;

    /// <summary>Creates a client; nothing is connected yet.</summary>
    /// <param name="options">The settings; later changes to them have no effect.</param>
    /// <param name="logger">Gets connects, losses and failures of handlers; null for silence.</param>
    /// <param name="time">Measures keep alive, time-outs and waits; null for the system's clock.</param>
    /// <exception cref="ArgumentException">A setting cannot be used; the message lists all that cannot.</exception>
    /// <exception cref="IOException"><see cref="MqttOutboxOptions.File"/> cannot be used, or another client uses it.</exception>
    public MqttClient(MqttClientOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.logger = logger ?? NullLogger.Instance;
        session = new ClientSession(options.Checked(), Counters, this.logger, time ?? TimeProvider.System);
        runner = new ClientRunner(session, Counters, Report, this.logger, session.Time);
        publisher = new ClientPublisher(session, Counters, () => runner.Link, this.logger);
        instruments = new ClientInstruments(options.ClientId, Counters, () => State == MqttClientState.Connected, () => publisher.Size);
        session.WhenAcknowledged = instruments.WhenAcknowledged;
        subscriber = new ClientSubscriber(session, () => runner.Link, () => Volatile.Read(ref managed));
    }

    /// <summary>Reports each change of <see cref="State"/>, in order, on the thread that makes the connection; must not block.</summary>
    public event Action<MqttStateChange>? StateChanged;

    /// <summary>Gets the name under which the broker knows the client.</summary>
    public string ClientId => session.ClientId;

    /// <summary>Gets what the client is doing.</summary>
    public MqttClientState State => (MqttClientState)Volatile.Read(ref state);

    /// <summary>Gets what the client has done so far.</summary>
    public MqttClientCounters Counters { get; } = new();

    /// <summary>Gets how many published messages are unsent or unacknowledged; with an outbox, how many it keeps.</summary>
    public int PendingPublishes => publisher.Pending;

    /// <summary>Gets what the broker said when it last accepted the client, or null before.</summary>
    public MqttConnectResult? LastConnect => runner.LastConnect;

    /// <summary>Makes one attempt to connect. A connection that is lost later is not made again.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>What the broker said, when it has accepted the client and its subscriptions are in place.</returns>
    /// <exception cref="MqttException">The broker cannot be reached or refuses; the reason code says which.</exception>
    /// <exception cref="InvalidOperationException">The client is connected or started already.</exception>
    public async Task<MqttConnectResult> ConnectAsync(CancellationToken cancellationToken = default)
    {
        await lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var stop = await BeginAsync(isManaged: false).ConfigureAwait(false);
            try
            {
                running = WatchAsync(await runner.OpenAsync(cancellationToken).ConfigureAwait(false), stop);
                return runner.LastConnect!;
            }
            catch
            {
                publisher.Close();
                throw;
            }
        }
        finally
        {
            lifecycle.Release();
        }
    }

    /// <summary>Starts to keep the client connected: it connects, and connects again whenever the connection is lost, until it is told to disconnect.</summary>
    /// <param name="cancellationToken">Ends the waiting for the first attempt, not the client.</param>
    /// <returns>A task that completes after the first attempt, whether it was successful or not.</returns>
    /// <exception cref="InvalidOperationException">The client is connected or started already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var attempted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var stop = await BeginAsync(isManaged: true).ConfigureAwait(false);
            running = Task.Run(() => runner.RunAsync(attempted, stop), CancellationToken.None);
        }
        finally
        {
            lifecycle.Release();
        }

        await attempted.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes a message.</summary>
    /// <remarks>
    /// QoS 0 completes when the message is queued for sending, or, beyond <see cref="MqttClientOptions.MaxPendingPublishes"/>, when it is
    /// sent; without a connection a started client drops and counts it. QoS 1 completes with PUBACK or, with an
    /// <see cref="MqttClientOptions.Outbox"/>, when that keeps it; QoS 2 with PUBCOMP. Calls need not wait for each other, messages of
    /// a quality are sent in the order of the calls, and a started client goes on with what is unacknowledged after a reconnect.
    /// Cancelling ends the waiting; a message that was sent or queued already still goes out.
    /// </remarks>
    /// <param name="topic">The topic, without wildcards.</param>
    /// <param name="payload">The content; must not change until the returned task is complete.</param>
    /// <param name="qualityOfService">The quality of service.</param>
    /// <param name="retain">Whether the broker keeps the message for later subscribers; an empty payload removes the kept one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A task to be awaited once.</returns>
    /// <exception cref="ArgumentException">The topic cannot be published to, or the quality of service does not exist.</exception>
    /// <exception cref="MqttException">There is no connection and the client is not started, the broker refuses the message, or the outbox is full and
    /// refuses it.</exception>
    /// <exception cref="IOException">The file of the outbox cannot be written.</exception>
    public ValueTask PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfService qualityOfService = MqttQualityOfService.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!MqttTopicFilter.IsValidTopic(topic))
            throw new ArgumentException($"Nothing can be published to '{topic}': a topic is not empty, has no wildcard, no NUL, and at most 65535 bytes.", nameof(topic));
        CheckQuality(qualityOfService);
        return publisher.Publish(new BlockedPublish(topic, payload, PublishFlags.Of(qualityOfService, retain), default), cancellationToken);
    }

    /// <summary>Publishes a message with all its properties; otherwise like the other overload.</summary>
    /// <param name="message">The message; must not change until the returned task is complete. What is left of its expiry is what is sent.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A task to be awaited once.</returns>
    /// <exception cref="ArgumentException">The message cannot be published; the exception says why.</exception>
    /// <exception cref="MqttException">There is no connection and the client is not started, the broker refuses the message, or it expires
    /// before it can be sent.</exception>
    public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.FindProblem() is { } problem)
            throw new ArgumentException(problem, nameof(message));
        bool v5 = session.Options.ProtocolVersion == MqttProtocolVersion.V5;
        return publisher.Publish(
            new BlockedPublish(
                message.Topic,
                message.Payload,
                PublishFlags.Of(message.QualityOfService, message.Retain),
                default,
                v5 ? message.EncodeProperties() : null,
                MessageClock.ExpiresAt(session.Time, message.ExpirySeconds)),
            cancellationToken);
    }

    /// <summary>Subscribes to a topic filter.</summary>
    /// <remarks>
    /// With a connection, the task completes when the broker has granted the subscription; without one, at once, and the subscription is
    /// made with the next connection. Several handlers may share a filter; each gets every message. With
    /// <see cref="MqttClientOptions.ManualAcknowledgement"/> up to 31 handlers of one message acknowledge independently.
    /// </remarks>
    /// <param name="filter">The topic filter; <c>+</c> stands for one level, <c>#</c> for all that follow. <c>$share/name/filter</c> shares
    /// the messages with others of that name.</param>
    /// <param name="qualityOfService">The highest quality with which the broker is to send.</param>
    /// <param name="handler">Called for each message.</param>
    /// <param name="cancellationToken">Ends the waiting and removes the handler.</param>
    /// <returns>The subscription; disposing it ends it.</returns>
    /// <exception cref="ArgumentException">The filter is not valid, or the quality of service does not exist.</exception>
    /// <exception cref="MqttException">The broker refuses the subscription, or does not answer.</exception>
    public Task<MqttSubscription> SubscribeAsync(
        string filter,
        MqttQualityOfService qualityOfService,
        MqttMessageHandler handler,
        CancellationToken cancellationToken = default) =>
        SubscribeAsync(filter, new MqttSubscribeOptions { QualityOfService = qualityOfService }, handler, cancellationToken);

    /// <summary>Subscribes to a topic filter, with what MQTT 5 can say about it; otherwise like the other overload.</summary>
    /// <param name="filter">The topic filter.</param>
    /// <param name="options">How the messages are wanted; not changed later.</param>
    /// <param name="handler">Called for each message.</param>
    /// <param name="cancellationToken">Ends the waiting and removes the handler.</param>
    /// <returns>The subscription; disposing it ends it.</returns>
    /// <exception cref="ArgumentException">The filter is not valid, does not go with the options, or the quality of service does not exist.</exception>
    /// <exception cref="MqttException">The broker refuses the subscription, or does not answer.</exception>
    public Task<MqttSubscription> SubscribeAsync(
        string filter,
        MqttSubscribeOptions options,
        MqttMessageHandler handler,
        CancellationToken cancellationToken = default) => subscriber.SubscribeAsync(filter, options, handler, cancellationToken);

    /// <summary>Subscribes to a topic filter as a stream. The subscription lasts as long as the enumeration.</summary>
    /// <remarks>
    /// A copy of each message waits in a queue of <paramref name="capacity"/>; when it is full, reading from the broker stops. A message of
    /// QoS 1 or 2 is acknowledged when the loop asks for the next one, or by its owner with <see cref="MqttSubscribeOptions.ManualAcknowledgement"/>.
    /// What still waits when the enumeration ends is acknowledged and lost: end it only when nothing more is wanted, and stop the client before
    /// it when the rest has to come again.
    /// </remarks>
    /// <param name="filter">The topic filter.</param>
    /// <param name="options">How the messages are wanted; null for QoS 1.</param>
    /// <param name="capacity">The most messages that wait.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The messages, in the order in which they come.</returns>
    /// <exception cref="ArgumentException">The filter is not valid or does not go with the options.</exception>
    /// <exception cref="MqttException">The broker refuses the subscription, or does not answer.</exception>
    public IAsyncEnumerable<MqttMessage> ReadAsync(
        string filter, MqttSubscribeOptions? options = null, int capacity = 256, CancellationToken cancellationToken = default) =>
        subscriber.ReadAsync(filter, options, capacity, cancellationToken);

    /// <summary>Authenticates again on the same connection, with a new run of <see cref="MqttClientOptions.AuthenticationExchange"/> (MQTT 5, section 4.12.1).</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A task that completes when the broker is satisfied.</returns>
    /// <exception cref="InvalidOperationException">The client has no authentication method, or authenticates again already.</exception>
    /// <exception cref="MqttException">There is no connection, or one of both sides is not satisfied; the connection ends then.</exception>
    public Task ReauthenticateAsync(CancellationToken cancellationToken = default) =>
        (runner.Link ?? throw publisher.NotConnected()).ReauthenticateAsync(cancellationToken);

    /// <summary>Sends what may be sent, says goodbye, and stops connecting again. Publishes that still wait for an acknowledgement fail; what
    /// an outbox keeps stays there.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the disconnecting.</param>
    /// <returns>A task that completes when the connection is closed; at once without one.</returns>
    public Task DisconnectAsync(CancellationToken cancellationToken = default) => DisconnectAsync(new MqttDisconnectOptions(), cancellationToken);

    /// <summary>Like the other overload, with what MQTT 5 can say: that the will is to be published, and how long the session is kept.</summary>
    /// <param name="options">What to say.</param>
    /// <param name="cancellationToken">Ends the waiting, not the disconnecting.</param>
    /// <returns>A task that completes when the connection is closed; at once without one.</returns>
    /// <exception cref="ArgumentException">A session without expiry cannot get one now.</exception>
    public async Task DisconnectAsync(MqttDisconnectOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.SessionExpiry > TimeSpan.Zero && session.Options.SessionExpiry == TimeSpan.Zero)
            throw new ArgumentException("A session that was made without an expiry cannot get one when disconnecting. Set MqttClientOptions.SessionExpiry.", nameof(options));
        await lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await publisher.FinishAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            session.Farewell = options.ToPacket();
            if (stopping is not null)
                await stopping.CancelAsync().ConfigureAwait(false);
            await running.WaitAsync(cancellationToken).ConfigureAwait(false);
            publisher.Close();
            Volatile.Write(ref managed, false);
        }
        finally
        {
            session.Farewell = default;
            lifecycle.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await DisconnectAsync().ConfigureAwait(false);
        await publisher.DisposeAsync().ConfigureAwait(false);
        instruments.Dispose();
        stopping?.Dispose();
        lifecycle.Dispose();
    }

    internal static void CheckQuality(MqttQualityOfService qualityOfService)
    {
        if (qualityOfService > MqttQualityOfService.ExactlyOnce)
            throw new ArgumentOutOfRangeException(nameof(qualityOfService), qualityOfService, "The quality of service is 0, 1 or 2.");
    }

    private async Task<CancellationToken> BeginAsync(bool isManaged)
    {
        if (!running.IsCompleted)
            throw new InvalidOperationException($"MQTT client '{session.ClientId}' is connected or started already. Call DisconnectAsync first.");
        stopping?.Dispose();
        stopping = new CancellationTokenSource();
        Volatile.Write(ref managed, isManaged);
        await publisher.OpenAsync(isManaged).ConfigureAwait(false);
        return stopping.Token;
    }

    private async Task WatchAsync(ClientLink link, CancellationToken stop)
    {
        await runner.WatchAsync(link, stop).ConfigureAwait(false);
        publisher.Close();
    }

    private void Report(MqttStateChange change)
    {
        Volatile.Write(ref state, (int)change.State);
        if (change.State == MqttClientState.Connected)
            publisher.Connected();
        try
        {
            StateChanged?.Invoke(change);
        }
        catch (Exception error)
        {
            Log.StateHandlerFailed(logger, error, session.ClientId);
        }
    }
}

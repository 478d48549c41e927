using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Mqtt.Bridge;

namespace Mlops.Mqtt;

/// <summary>Passes messages between two brokers, one way or both, at least once and in their order, through outages of either. Thread-safe.</summary>
/// <remarks>
/// A message is acknowledged to the broker it was taken from when the outbox of the other side keeps it. While one side cannot be
/// reached, its outbox collects; what the bridge itself misses, the session at the broker collects. A broker in the process has no outbox:
/// what comes for it is acknowledged to the other one when its publish hooks and subscribers have released it, as for any publisher.
/// </remarks>
public sealed class MqttBridge : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly MqttBridgeOptions options;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly IBridgeSide local;
    private readonly ClientSide remote;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim lifecycle = new(1);
    private bool started;
    private int disposed;

    /// <summary>Creates a bridge between two brokers that are reached over the network; nothing is connected yet.</summary>
    /// <param name="options">The settings; later changes to them have no effect.</param>
    /// <param name="logger">Gets what happens to the connections and what could not be passed on; null for silence.</param>
    /// <param name="time">Measures waits; null for the system's clock.</param>
    /// <exception cref="ArgumentException">A setting cannot be used; the message lists all that cannot.</exception>
    /// <exception cref="IOException">The file of an outbox cannot be used, or another client uses it.</exception>
    public MqttBridge(MqttBridgeOptions options, ILogger? logger = null, TimeProvider? time = null)
        : this(Checked(options, null), null, logger, time)
    {
    }

    /// <summary>Creates a bridge between a broker in this process and another one; nothing is connected yet.</summary>
    /// <param name="local">The local broker. Who publishes to it with QoS 1 gets the acknowledgement when the bridge keeps the message.</param>
    /// <param name="options">The settings; later changes to them have no effect.</param>
    /// <param name="logger">Gets what happens to the connection and what could not be passed on; null for silence.</param>
    /// <param name="time">Measures waits; null for the system's clock.</param>
    /// <exception cref="ArgumentException">A setting cannot be used; the message lists all that cannot.</exception>
    /// <exception cref="IOException">The file of the outbox cannot be used, or another client uses it.</exception>
    public MqttBridge(MqttBroker local, MqttBridgeOptions options, ILogger? logger = null, TimeProvider? time = null)
        : this(Checked(options, local ?? throw new ArgumentNullException(nameof(local))), local, logger, time)
    {
    }

    private MqttBridge(MqttBridgeOptions options, MqttBroker? broker, ILogger? logger, TimeProvider? time)
    {
        this.options = options;
        this.logger = logger ?? NullLogger.Instance;
        this.time = time ?? TimeProvider.System;
        remote = new ClientSide(new MqttClient(options.Remote, logger, time));
        try
        {
            local = broker is not null ? new BrokerSide(broker, options.Name) : new ClientSide(new MqttClient(options.Local!, logger, time));
        }
        catch
        {
            // It has not been started, so its end does not wait for anything but its file.
            _ = remote.DisposeAsync().AsTask();
            throw;
        }

        remote.Client.StateChanged += change => RemoteStateChanged?.Invoke(change);
        if (local is ClientSide side)
            side.Client.StateChanged += change => LocalStateChanged?.Invoke(change);
    }

    /// <summary>Reports each change of <see cref="RemoteState"/>, as <see cref="MqttClient.StateChanged"/> does.</summary>
    public event Action<MqttStateChange>? RemoteStateChanged;

    /// <summary>Reports each change of <see cref="LocalState"/>, as <see cref="MqttClient.StateChanged"/> does; never of a broker in this process.</summary>
    public event Action<MqttStateChange>? LocalStateChanged;

    /// <summary>Gets the name of the bridge.</summary>
    public string Name => options.Name;

    /// <summary>Gets what the connection to the remote broker is doing.</summary>
    public MqttClientState RemoteState => remote.Client.State;

    /// <summary>Gets what the connection to the local broker is doing; a broker in this process is always connected.</summary>
    public MqttClientState LocalState => local is ClientSide side ? side.Client.State : MqttClientState.Connected;

    /// <summary>Gets how many messages are kept for the remote broker.</summary>
    public int WaitingOut => remote.Client.PendingPublishes;

    /// <summary>Gets how many messages are kept for the local broker; none for one in this process, which keeps them itself.</summary>
    public int WaitingIn => local is ClientSide side ? side.Client.PendingPublishes : 0;

    /// <summary>Gets what the bridge has done so far.</summary>
    public MqttBridgeCounters Counters { get; } = new();

    /// <summary>Starts to pass messages, and keeps both connections for as long as the bridge lives.</summary>
    /// <param name="cancellationToken">Ends the waiting for the first attempts to connect.</param>
    /// <returns>A task that completes after the first attempts, whether they were successful or not.</returns>
    /// <exception cref="InvalidOperationException">The bridge has been started already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (started)
                throw new InvalidOperationException($"The MQTT bridge '{Name}' has been started already.");
            started = true;
            foreach (var topic in options.Topics)
            {
                if ((topic.Direction & MqttBridgeDirection.Out) != 0)
                    await ConnectAsync(local, remote, Passage.Out(topic, options), outward: true).ConfigureAwait(false);
                if ((topic.Direction & MqttBridgeDirection.In) != 0)
                    await ConnectAsync(remote, local, Passage.In(topic, options), outward: false).ConfigureAwait(false);
            }

            // Both begin before either is waited for: one that is away is not to hold the other up.
            await Task.WhenAll(local.StartAsync(cancellationToken), remote.StartAsync(cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            lifecycle.Release();
        }
    }

    /// <summary>Ends the bridge. What outboxes keep in files, and what the brokers collect in its sessions, passes after the next start.</summary>
    /// <returns>A task that completes when both connections are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await stopping.CancelAsync().ConfigureAwait(false);
        await lifecycle.WaitAsync().ConfigureAwait(false);
        await local.StopTakingAsync().ConfigureAwait(false);
        await remote.DisposeAsync().ConfigureAwait(false);
        await local.DisposeAsync().ConfigureAwait(false);
        lifecycle.Dispose();
        stopping.Dispose();
    }

    private static MqttBridgeOptions Checked(MqttBridgeOptions options, MqttBroker? broker)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Checked(broker is not null);
    }

    private Task ConnectAsync(IBridgeSide from, IBridgeSide to, Passage passage, bool outward) => from.SubscribeAsync(passage, (in MqttIncoming message) =>
    {
        if (!passage.MayPass(message))
        {
            Counters.CountTurnedBack();
            message.Acknowledgement.Complete();
            return ValueTask.CompletedTask;
        }

        var passing = PassAsync(to, passage.Translate(message), message.Acknowledgement, outward);
        // Where nobody waits for an acknowledgement, reading waits, so that a slow side does not let messages pile up here.
        return message.Acknowledgement == default ? passing : ValueTask.CompletedTask;
    });

    private async ValueTask PassAsync(IBridgeSide to, MqttMessage message, MqttAcknowledgement acknowledgement, bool outward)
    {
        while (true)
        {
            try
            {
                await to.PublishAsync(message).ConfigureAwait(false);
                Counters.CountPassed(outward);
                acknowledgement.Complete();
                return;
            }
            catch (IOException) when (!stopping.IsCancellationRequested)
            {
                // The disk refuses, which the outbox has logged. It is tried again; what it cannot keep is not acknowledged.
                await Task.Delay(RetryDelay, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Not acknowledged, so it comes again after the next start.
                return;
            }
            catch (Exception error)
            {
                // Held back for ever, it would hold back all that follow.
                Counters.CountFailed();
                Log.PassingFailed(logger, error, Name, message.Topic);
                acknowledgement.Complete();
                return;
            }
        }
    }
}

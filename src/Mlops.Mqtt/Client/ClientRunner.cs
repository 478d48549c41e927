using Microsoft.Extensions.Logging;

namespace Mlops.Mqtt.Client;

/// <summary>Keeps one connection of a client: opens it, puts the subscriptions in place, and reports its end.</summary>
internal sealed class ClientRunner(
    ClientSession session,
    MqttClientCounters counters,
    Action<MqttStateChange> report,
    ILogger logger,
    TimeProvider time)
{
    private bool connectedBefore;
    private ClientLink? link;

    /// <summary>The connection that the broker has accepted, or null.</summary>
    public ClientLink? Link => Volatile.Read(ref link);

    /// <summary>What the broker said last.</summary>
    public MqttConnectResult? LastConnect { get; private set; }

    /// <summary>Makes one attempt.</summary>
    /// <exception cref="MqttException">It failed.</exception>
    public async Task<ClientLink> OpenAsync(CancellationToken stop)
    {
        report(new MqttStateChange(MqttClientState.Connecting, false, MqttReasonCode.Success, null));
        try
        {
            // A handler that still works on a message of the last connection must not meet one of the next.
            await session.Incoming.Idle.WaitAsync(stop).ConfigureAwait(false);
            var opened = await ClientLink.OpenAsync(session, session.CleanStart(!connectedBefore), time, stop).ConfigureAwait(false);
            if (connectedBefore)
                counters.CountReconnect();
            connectedBefore = true;
            Volatile.Write(ref link, opened);
            LastConnect = new MqttConnectResult(opened.Accepted, session.ClientId, session.Options.KeepAlive, session.Options.SessionExpiry);
            bool present = opened.Accepted.SessionPresent;
            await RestoreAsync(opened, present, stop).ConfigureAwait(false);
            Log.Connected(logger, session.ClientId, session.Options.Host, session.Options.Port, present);
            report(new MqttStateChange(MqttClientState.Connected, present, MqttReasonCode.Success, null));
            return opened;
        }
        catch (Exception error)
        {
            if (Interlocked.Exchange(ref link, null) is { } half)
            {
                half.Close();
                await half.Ended.ConfigureAwait(false);
            }

            var reason = (error as MqttException)?.ReasonCode ?? MqttReasonCode.Success;
            report(new MqttStateChange(MqttClientState.Disconnected, false, reason, error is OperationCanceledException ? null : error));
            throw;
        }
    }

    /// <summary>Waits for the end of a connection, or ends it when asked to stop.</summary>
    public async Task WatchAsync(ClientLink opened, CancellationToken stop)
    {
        MqttException end;
        await using (stop.UnsafeRegister(static state => ((ClientLink)state!).Close(), opened).ConfigureAwait(false))
            end = await opened.Ended.ConfigureAwait(false);
        Volatile.Write(ref link, null);
        bool asked = stop.IsCancellationRequested;
        if (!asked)
            Log.ConnectionLost(logger, session.ClientId, session.Options.Host, session.Options.Port, end.Message);
        report(new MqttStateChange(
            MqttClientState.Disconnected, false, asked ? MqttReasonCode.Success : end.ReasonCode, asked ? null : end));
    }

    /// <summary>Connects again and again until asked to stop; <paramref name="attempted"/> completes after the first attempt.</summary>
    public async Task RunAsync(TaskCompletionSource attempted, CancellationToken stop)
    {
        var backoff = new ReconnectBackoff(session.Options.ReconnectDelay, session.Options.MaxReconnectDelay);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var opened = await OpenAsync(stop).ConfigureAwait(false);
                long since = time.GetTimestamp();
                attempted.TrySetResult();
                await WatchAsync(opened, stop).ConfigureAwait(false);
                backoff.Connected(time.GetElapsedTime(since));
            }
            catch (MqttException error)
            {
                Log.ConnectFailed(logger, error.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                Log.ConnectFailedUnexpectedly(logger, error, session.ClientId);
            }

            session.TurnToNextServer();
            attempted.TrySetResult();
            await Task.Delay(backoff.Next(), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        attempted.TrySetResult();
    }

    private async Task RestoreAsync(ClientLink opened, bool sessionPresent, CancellationToken stop)
    {
        var (missing, orphans) = session.Subscriptions.Begin(sessionPresent);
        var tasks = orphans.Select(filter => opened.UnsubscribeAsync(filter, stop)).ToList();
        tasks.AddRange(missing.Select(group => SubscribeAsync(opened, group, stop)));
        // All are queued for sending now, so who publishes to itself misses nothing.
        opened.StartDelivering();
        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private async Task SubscribeAsync(ClientLink opened, FilterGroup group, CancellationToken stop)
    {
        try
        {
            await opened.SubscribeAsync(group, stop).ConfigureAwait(false);
        }
        catch (MqttException refused) when (!opened.Ended.IsCompleted)
        {
            Log.SubscriptionRefused(logger, refused.Message);
        }
    }
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Client.Offline;

/// <summary>Brings what the outbox keeps to the broker, in its order and pipelined, and settles what the broker has acknowledged.</summary>
internal sealed class OutboxSender(OfflineOutbox outbox, ClientSession session, Func<ClientLink?> link, MqttClientCounters counters, ILogger logger) : IDisposable
{
    /// <summary>How long a stop waits for the acknowledgements of what is in flight.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private Channel<(KeptPublish Message, Task Acknowledged)> inFlight = null!;
    private CancellationTokenSource? stopping;
    private Task sending = Task.CompletedTask;
    private Task settling = Task.CompletedTask;

    private AsyncSignal Wake => outbox.Filled;

    /// <summary>Begins, from the oldest message that is not settled.</summary>
    public void Start()
    {
        outbox.PutBack();
        stopping?.Dispose();
        stopping = new CancellationTokenSource();
        inFlight = Channel.CreateBounded<(KeptPublish, Task)>(new BoundedChannelOptions(outbox.Window) { SingleReader = true, SingleWriter = true });
        var stop = stopping.Token;
        sending = Task.Run(() => SendAsync(stop), CancellationToken.None);
        settling = Task.Run(SettleAsync);
    }

    /// <summary>Looks again: there may be a connection now.</summary>
    public void Connected() => Wake.Set();

    /// <summary>Sends no more, and gives the broker a while to acknowledge what is in flight.</summary>
    public async Task StopAsync()
    {
        if (stopping is null || settling.IsCompleted)
            return;
        await stopping.CancelAsync().ConfigureAwait(false);
        Wake.Set();
        await sending.ConfigureAwait(false);
        if (link() is { } there)
            await Task.WhenAny(settling, there.Ended, Task.Delay(Patience, session.Time)).ConfigureAwait(false);
    }

    /// <summary>Waits for the end, when the session has given up what was still in flight.</summary>
    public Task EndedAsync() => settling;

    public void Dispose() => stopping?.Dispose();

    private async Task SendAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var messages = await TakeAsync(stop).ConfigureAwait(false);
                foreach (var message in messages)
                {
                    // Room in the channel first, so that no more than the window is ever with the session.
                    if (!await inFlight.Writer.WaitToWriteAsync(stop).ConfigureAwait(false))
                        return;
                    inFlight.Writer.TryWrite((message, Send(message)));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What was taken and not sent is taken again by the next start.
        }
        finally
        {
            inFlight.Writer.Complete();
        }
    }

    private async Task<IReadOnlyList<KeptPublish>> TakeAsync(CancellationToken stop)
    {
        try
        {
            // Without a connection all stay in the outbox, where the policy can reach them.
            var messages = link() is null ? [] : outbox.Take();
            if (messages.Count == 0)
                await Wake.WaitAsync().ConfigureAwait(false);
            return messages;
        }
        catch (IOException error)
        {
            Log.OutboxFailed(logger, error, session.ClientId);
            await Task.Delay(RetryDelay, session.Time, stop).ConfigureAwait(false);
            return [];
        }
    }

    private Task Send(KeptPublish message)
    {
        var pending = PendingPublish.Rent(session.WhenAcknowledged?.Invoke(MqttQualityOfService.AtLeastOnce));
        if (!session.Outgoing.AddWhenRoom(message.ToPublish(pending.Completion, session.Time)))
            pending.Completion.Fail(new MqttException(MqttReasonCode.ServerUnavailable, "The client is not connected."));
        link()?.Signal();
        return pending.AsTask(default).AsTask();
    }

    private async Task SettleAsync()
    {
        bool broken = false;
        await foreach (var (message, acknowledged) in inFlight.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await acknowledged.ConfigureAwait(false);
            }
            catch (MqttException error) when (error.ReasonCode == MqttReasonCode.ServerUnavailable)
            {
                // The session has ended before the broker answered: this one, and all behind it, are sent again by the next start.
                broken = true;
            }
            catch (MqttException error)
            {
                // What the session has given up, for reasons that no PUBACK has, is counted there.
                bool isGivenUp = error.ReasonCode is MqttReasonCode.PacketTooLarge or MqttReasonCode.QoSNotSupported or MqttReasonCode.RetainNotSupported;
                if (!isGivenUp && !message.IsExpired(session.Time))
                    counters.Dropped.Count(DropReason.Refused);
                Log.KeptPublishRefused(logger, session.ClientId, message.Topic, error.Message);
            }

            if (!broken)
                outbox.Settle(message.Position);
        }
    }
}

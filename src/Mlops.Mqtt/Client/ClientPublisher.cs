using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Client.Offline;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Client;

/// <summary>The way of a client's own messages: through the outbox, into the session's queue, or nowhere.</summary>
internal sealed class ClientPublisher : IAsyncDisposable
{
    private readonly ClientSession session;
    private readonly MqttClientCounters counters;
    private readonly Func<ClientLink?> link;
    private readonly OfflineOutbox? outbox;
    private readonly OutboxSender? sender;
    private bool holds;

    /// <exception cref="IOException">The file of the outbox cannot be used.</exception>
    public ClientPublisher(ClientSession session, MqttClientCounters counters, Func<ClientLink?> link, ILogger logger)
    {
        (this.session, this.counters, this.link) = (session, counters, link);
        session.Outgoing.Close(NotConnected());
        if (session.Options.Outbox is not { } options)
            return;
        outbox = new OfflineOutbox(options, session.ClientId, session.Time, counters, logger);
        sender = new OutboxSender(outbox, session, link, counters, logger);
    }

    /// <summary>How many messages are kept, unsent or unacknowledged.</summary>
    public int Pending => outbox?.Count ?? session.Outgoing.Count;

    /// <summary>How many messages are kept, unsent or unacknowledged, and their bytes.</summary>
    public (int Count, long Bytes) Size
    {
        get
        {
            if (outbox is not null)
                return outbox.Size;
            var (waiting, inFlight, bytes) = session.Outgoing.Size;
            return (waiting + inFlight, bytes);
        }
    }

    /// <summary>Begins to accept messages.</summary>
    /// <param name="holdsThem">Whether they are held while there is no connection.</param>
    public async Task OpenAsync(bool holdsThem)
    {
        Volatile.Write(ref holds, holdsThem);
        if (sender is not null)
        {
            await sender.StopAsync().ConfigureAwait(false);
            await sender.EndedAsync().ConfigureAwait(false);
        }

        session.Outgoing.Open();
        sender?.Start();
    }

    /// <summary>Says that there is a connection.</summary>
    public void Connected() => sender?.Connected();

    /// <summary>Takes nothing more out of the outbox and gives the broker a while to acknowledge what is in flight.</summary>
    public Task FinishAsync() => sender?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Accepts no more, but for the outbox, and fails those who wait for the broker.</summary>
    public void Close()
    {
        session.Outgoing.Close(NotConnected());
        Volatile.Write(ref holds, false);
    }

    public ValueTask Publish(in BlockedPublish publish, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var there = link();
        var quality = PublishFlags.QualityOfService(publish.Flags);
        CheckOffered(there, publish);
        if (quality == MqttQualityOfService.AtLeastOnce && outbox is not null)
            return new ValueTask(outbox.AddAsync(publish, cancellationToken));
        if (quality == MqttQualityOfService.AtMostOnce)
        {
            if (there is null && Volatile.Read(ref holds))
            {
                counters.Dropped.Count(DropReason.NotConnected);
                return ValueTask.CompletedTask;
            }

            var message = publish.Copy();
            if (session.Outgoing.TryAdd(new Delivery(message, publish.Flags, null, default)))
            {
                there?.Signal();
                return ValueTask.CompletedTask;
            }

            message.Release();
        }

        var pending = PendingPublish.Rent(session.WhenAcknowledged?.Invoke(quality));
        if (!session.Outgoing.AddWhenRoom(publish with { Completion = pending.Completion }))
            pending.Completion.Fail(NotConnected());
        link()?.Signal();
        return pending.AsTask(cancellationToken);
    }

    public MqttException NotConnected() => new(
        MqttReasonCode.ServerUnavailable,
        $"MQTT client '{session.ClientId}' is not connected to mqtt://{session.Options.Host}:{session.Options.Port}. Call StartAsync or ConnectAsync first.");

    /// <summary>Ends, after <see cref="Close"/>; what the outbox keeps in a file stays there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (sender is not null)
        {
            await sender.EndedAsync().ConfigureAwait(false);
            sender.Dispose();
        }

        if (outbox is not null)
            await outbox.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Refuses at once what the broker does not offer; one that waits for a connection is judged when it would be sent.</summary>
    private static void CheckOffered(ClientLink? link, in BlockedPublish publish)
    {
        if (link?.Offered is { } offered && !offered.Offers(publish.Flags))
            throw offered.Explain(DropReason.NotOffered, publish.Flags, publish.Topic);
    }
}

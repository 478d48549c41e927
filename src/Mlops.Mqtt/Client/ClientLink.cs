using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Client;

/// <summary>One connection of a client, from CONNECT to its end.</summary>
internal sealed class ClientLink : IPacketReceiver
{
    private readonly ClientSession session;
    private readonly PacketConnection connection;
    private readonly TimeProvider time;
    private readonly TopicCache topics = new();
    private readonly AcknowledgementSequencer acknowledgements;
    private readonly PendingRequests requests = new();
    private readonly TaskCompletionSource<ConnAckPacket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool cleanStart;
    private MqttException? ending;

    private ClientLink(ClientSession session, TcpTransport transport, TimeProvider time)
    {
        this.session = session;
        this.time = time;
        connection = new PacketConnection(transport, time);
        connection.Speak(session.Options.ProtocolVersion);
        acknowledgements = new AcknowledgementSequencer(
            session.Options.ReceiveMaximum, (id, reason) => connection.Outbox.Add(OutboundPacket.PubAck(id, reason)));
    }

    /// <summary>What the broker said when it accepted the client.</summary>
    public ConnAckPacket Accepted { get; private set; } = new();

    /// <summary>Ends with the connection, with the reason; an end that was asked for has reason success.</summary>
    public Task<MqttException> Ended { get; private set; } = null!;

    int IPacketReceiver.MaxPacketSize => session.Options.MaxPacketSize;

    private MqttProtocolVersion Version => session.Options.ProtocolVersion;

    /// <summary>Connects and waits for the broker's answer.</summary>
    /// <exception cref="MqttException">The broker could not be reached, did not answer in time, or refused.</exception>
    public static async Task<ClientLink> OpenAsync(ClientSession session, bool cleanStart, TimeProvider time, CancellationToken cancel)
    {
        var options = session.Options;
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        ClientLink? link = null;
        try
        {
            var transport = await ClientTransport.OpenAsync(options, session.ClientId, both.Token).ConfigureAwait(false);
            link = new ClientLink(session, transport, time) { cleanStart = cleanStart };
            link.Ended = link.RunAsync();
            link.connection.Outbox.Add(OutboundPacket.Of(session.Connect(cleanStart).Write()));
            link.Accepted = await link.accepted.Task.WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested && error is not MqttException)
        {
            link?.connection.Close();
            string why = error is OperationCanceledException ? $"no answer within {options.ConnectTimeout.TotalSeconds:0.#} s" : error.Message;
            throw new MqttException(
                MqttReasonCode.ServerUnavailable,
                $"Client '{session.ClientId}' could not connect to {options.EndPoint}: {why}. Is the broker running and reachable there?",
                error);
        }
        catch
        {
            link?.connection.Close();
            throw;
        }

        if (link.Accepted.Reason == MqttReasonCode.Success)
            return link;
        link.connection.Close();
        throw Refused(session, link.Accepted);
    }

    /// <summary>Begins to send what the session has to deliver, behind the packets that were added so far.</summary>
    public void StartDelivering() => connection.Outbox.DeliverFrom(session.Outgoing, this);

    /// <summary>Says that something was added to the session's queue.</summary>
    public void Signal() => connection.Outbox.Signal();

    /// <summary>Says goodbye after everything that may be sent, and ends the connection.</summary>
    public void Close() => connection.Close(new DisconnectPacket(MqttReasonCode.Success).Write(Version), afterDeliveries: true);

    public async Task SubscribeAsync(FilterGroup group, RetainHandling retain, CancellationToken cancel)
    {
        var answer = requests.Add(out ushort packetId);
        if (packetId != 0)
        {
            uint id = Accepted.SubscriptionIdentifiersAvailable ? group.Id : 0;
            var options = new SubscriptionOptions(group.QualityOfService, RetainHandling: retain);
            connection.Outbox.Add(OutboundPacket.Of(SubscribePacket.Write(packetId, id, group.Filter, options, Version)));
        }

        var reason = await WaitAsync(answer, $"Subscribing to '{group.Filter}'", cancel).ConfigureAwait(false);
        if (reason >= MqttReasonCode.UnspecifiedError)
        {
            throw new MqttException(
                reason, $"The broker refused client '{session.ClientId}' the subscription to '{group.Filter}': {reason}. Check its access rules.");
        }

        group.Granted = (MqttQualityOfService)reason;
        group.Established = true;
    }

    public async Task UnsubscribeAsync(string filter, CancellationToken cancel)
    {
        var answer = requests.Add(out ushort packetId);
        if (packetId != 0)
            connection.Outbox.Add(OutboundPacket.Of(UnsubscribePacket.Write(packetId, filter, Version)));
        await WaitAsync(answer, $"Unsubscribing from '{filter}'", cancel).ConfigureAwait(false);
        session.Subscriptions.Forget(filter);
    }

    ValueTask IPacketReceiver.Receive(byte first, ReadOnlySpan<byte> body, long receivedTicks, bool moreBuffered)
    {
        var type = (PacketType)(first >> 4);
        if (!accepted.Task.IsCompleted)
        {
            Accept(ConnAckPacket.Read(first, body, Version));
            return ValueTask.CompletedTask;
        }

        switch (type)
        {
            case PacketType.Publish:
                var publish = PublishPacket.Read(first, body, Version);
                if (publish.QualityOfService == MqttQualityOfService.ExactlyOnce)
                    throw new MqttProtocolException(MqttReasonCode.QoSNotSupported, "The broker sent a message with QoS 2, which was never asked for.");
                return session.Incoming.Dispatch(publish, topics.Get(publish.Topic), acknowledgements, receivedTicks, moreBuffered);
            case PacketType.PubAck:
                var acknowledge = AcknowledgePacket.Read(first, body, Version);
                if (session.Outgoing.Acknowledge(this, acknowledge.PacketId, acknowledge.Reason))
                    connection.Outbox.Signal();
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                var answer = SubAckPacket.Read(first, body, Version);
                requests.Complete(answer.PacketId, answer.Reasons.IsEmpty ? MqttReasonCode.Success : (MqttReasonCode)answer.Reasons[0]);
                break;
            case PacketType.PingResp:
                break;
            case PacketType.Disconnect when Version == MqttProtocolVersion.V5:
                var reason = DisconnectPacket.Read(first, body, Version).Reason;
                End(new MqttException(reason, $"The broker disconnected client '{session.ClientId}': {reason}."));
                break;
            default:
                throw MqttProtocolException.NotAllowed($"A broker may not send {type}.");
        }

        return ValueTask.CompletedTask;
    }

    byte[]? IPacketReceiver.Farewell(MqttException error) =>
        Version == MqttProtocolVersion.V5 && accepted.Task.IsCompletedSuccessfully ? new DisconnectPacket(error.ReasonCode).Write(Version) : null;

    private void Accept(ConnAckPacket packet)
    {
        if (packet.Reason == MqttReasonCode.Success)
        {
            if (packet.SessionPresent && cleanStart)
                throw MqttProtocolException.NotAllowed("The broker resumed a session although a clean start was asked for.");
            // For 3.1.1 there is no receive maximum; the queue's own limit bounds what is in flight.
            session.Outgoing.Attach(this, Version, packet.ReceiveMaximum, packet.MaximumPacketSize, packet.SessionPresent);
        }

        accepted.TrySetResult(packet);
    }

    private async Task<MqttException> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        var alive = KeepAliveAsync(stop.Token);
        var error = await connection.RunAsync(this).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await alive.ConfigureAwait(false);
        session.Outgoing.Detach(this);
        acknowledgements.Close();
        var end = ending ?? (error as MqttException) ?? new MqttException(
            MqttReasonCode.ServerUnavailable,
            $"Client '{session.ClientId}' lost the connection to {session.Options.EndPoint}: {error?.Message ?? "the broker closed it"}.",
            error);
        accepted.TrySetException(end);
        requests.Close(end);
        return end;
    }

    private async Task KeepAliveAsync(CancellationToken stop)
    {
        try
        {
            var packet = await accepted.Task.WaitAsync(stop).ConfigureAwait(false);
            var interval = packet.ServerKeepAliveSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : session.Options.KeepAlive;
            if (interval <= TimeSpan.Zero)
                return;
            long? asked = null;
            using var timer = new PeriodicTimer(interval / 4, time);
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                var silence = connection.Silence;
                if (asked < connection.LastReceived || connection.IsPaused)
                    asked = null;
                if (asked is not null && silence >= interval * 1.5)
                {
                    End(new MqttException(
                        MqttReasonCode.KeepAliveTimeout,
                        $"Client '{session.ClientId}' heard nothing from {session.Options.EndPoint} for {silence.TotalSeconds:0.#} s."));
                }
                else if (asked is null && (silence >= interval / 2 || time.GetElapsedTime(connection.LastSent) >= interval / 2))
                {
                    asked = time.GetTimestamp();
                    connection.Outbox.Add(OutboundPacket.Ping(PacketType.PingReq));
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or MqttException)
        {
            // The connection is over.
        }
    }

    private void End(MqttException error)
    {
        ending ??= error;
        connection.Close();
    }

    private async Task<MqttReasonCode> WaitAsync(Task<MqttReasonCode> answer, string what, CancellationToken cancel)
    {
        try
        {
            return await answer.WaitAsync(session.Options.ConnectTimeout, time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new MqttException(
                MqttReasonCode.ServerBusy, $"{what} was not answered within {session.Options.ConnectTimeout.TotalSeconds:0.#} s.", error);
        }
    }

    private static MqttException Refused(ClientSession session, ConnAckPacket answer)
    {
        string remedy = answer.Reason switch
        {
            MqttReasonCode.BadUserNameOrPassword or MqttReasonCode.NotAuthorized => "Check UserName and Password.",
            MqttReasonCode.ClientIdentifierNotValid => "Set another ClientId.",
            MqttReasonCode.UnsupportedProtocolVersion => "Set another ProtocolVersion.",
            _ => answer.ReasonString ?? "See the broker's log.",
        };
        return new MqttException(
            answer.Reason,
            $"The broker at {session.Options.EndPoint} refused client '{session.ClientId}': {answer.Reason}. {remedy}");
    }
}

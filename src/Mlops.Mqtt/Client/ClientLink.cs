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
    private readonly ReceivedAliases topics;
    private readonly ClientAuthentication? authentication;
    private readonly AcknowledgementSequencer acknowledgements;
    private readonly AcknowledgementExchange exchange;
    private readonly PendingRequests requests = new();
    private readonly TaskCompletionSource<ConnAckPacket> accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TrafficTally received;
    private bool cleanStart;
    private MqttException? ending;

    private ClientLink(ClientSession session, TcpTransport transport, TimeProvider time)
    {
        this.session = session;
        this.time = time;
        connection = new PacketConnection(transport, time, session.Counters.Sent);
        connection.Speak(session.Options.ProtocolVersion);
        topics = new ReceivedAliases(session.Options.TopicAliasMaximum);
        if (session.Options is { AuthenticationMethod: { } method, AuthenticationExchange: { } begin })
            authentication = new ClientAuthentication(method, begin);
        acknowledgements = new AcknowledgementSequencer(
            session.Options.ReceiveMaximum,
            strict: session.Options.ProtocolVersion == MqttProtocolVersion.V5,
            session.Received,
            (type, id, reason) => connection.Outbox.Add(OutboundPacket.Acknowledge(type, id, reason)));
        exchange = new AcknowledgementExchange(this, session.Outgoing, acknowledgements, connection.Outbox);
    }

    /// <summary>What the broker said when it accepted the client.</summary>
    public ConnAckPacket Accepted { get; private set; } = new();

    /// <summary>Ends with the connection, with the reason; an end that was asked for has reason success.</summary>
    public Task<MqttException> Ended { get; private set; } = null!;

    int IPacketReceiver.MaxPacketSize => session.Options.MaxPacketSize;

    /// <summary>What the broker takes.</summary>
    public ReceiverLimits Offered => Limits(Accepted);

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
            ReadOnlyMemory<byte> data = link.authentication is { } first ? await first.BeginAsync().ConfigureAwait(false) : default;
            link.connection.Outbox.Add(OutboundPacket.Of(session.Connect(cleanStart, options.AuthenticationMethod, data).Write()));
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
    public void Close() => connection.Close(session.Farewell.Write(Version), afterDeliveries: true);

    /// <summary>Authenticates again on the same connection.</summary>
    public async Task ReauthenticateAsync(CancellationToken cancel)
    {
        if (authentication is null)
            throw new InvalidOperationException($"MQTT client '{session.ClientId}' cannot authenticate again: set AuthenticationMethod and AuthenticationExchange.");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var packet = await authentication.BeginAgainAsync(done).ConfigureAwait(false);
        connection.Outbox.Add(OutboundPacket.Of(packet.Write()));
        var first = await Task.WhenAny(done.Task, Ended).WaitAsync(cancel).ConfigureAwait(false);
        if (first == Ended && !done.Task.IsCompletedSuccessfully)
            throw await Ended.ConfigureAwait(false);
        await done.Task.ConfigureAwait(false);
    }

    public async Task SubscribeAsync(FilterGroup group, CancellationToken cancel)
    {
        CheckAvailable(group.Filter);
        var answer = requests.Add(out ushort packetId);
        if (packetId != 0)
        {
            uint id = Accepted.SubscriptionIdentifiersAvailable ? group.Id : 0;
            var asked = group.Options;
            var options = new SubscriptionOptions(group.QualityOfService, asked.NoLocal, asked.RetainAsPublished, asked.RetainHandling);
            Request(packetId, SubscribePacket.Write(packetId, id, group.Filter, options, Version, asked.UserProperties));
        }

        var (reason, text) = await WaitAsync(answer, $"Subscribing to '{group.Filter}'", cancel).ConfigureAwait(false);
        group.Reason = reason;
        group.ReasonString = text;
        if (reason >= MqttReasonCode.UnspecifiedError)
        {
            throw new MqttException(
                reason,
                $"The broker refused client '{session.ClientId}' the subscription to '{group.Filter}': {reason}{Quoted(text)}. Check its access rules.")
            { ReasonString = text };
        }

        group.Granted = (MqttQualityOfService)reason;
        group.Established = true;
    }

    public async Task UnsubscribeAsync(string filter, CancellationToken cancel)
    {
        var answer = requests.Add(out ushort packetId);
        if (packetId != 0)
            Request(packetId, UnsubscribePacket.Write(packetId, filter, Version));
        await WaitAsync(answer, $"Unsubscribing from '{filter}'", cancel).ConfigureAwait(false);
        session.Subscriptions.Forget(filter);
    }

    ValueTask IPacketReceiver.Receive(byte first, ReadOnlySpan<byte> body, long receivedTicks, bool moreBuffered)
    {
        var type = (PacketType)(first >> 4);
        Count(type, first, body.Length, moreBuffered);
        if (!accepted.Task.IsCompleted)
        {
            using var others = DeferredWrites.Suspend();
            if (type == PacketType.Auth && authentication is not null)
                return new ValueTask(AnswerAsync(AuthPacket.Read(first, body, Version), connected: false));
            return new ValueTask(AcceptAsync(ConnAckPacket.Read(first, body, Version)));
        }

        switch (type)
        {
            case PacketType.Publish:
                var publish = PublishPacket.Read(first, body, Version);
                return session.Incoming.Dispatch(publish, topics.Get(publish), acknowledgements, receivedTicks, moreBuffered);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                exchange.Handle(first, body, Version);
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                var answer = SubAckPacket.Read(first, body, Version);
                // Each request is for one filter; only UNSUBACK of 3.1.1 has no reasons.
                if (answer.Reasons.Length != (type == PacketType.UnsubAck && Version == MqttProtocolVersion.V311 ? 0 : 1))
                    throw MqttProtocolException.NotAllowed($"{type} for one filter has {answer.Reasons.Length} reasons.");
                requests.Complete(answer.PacketId, answer.Reasons.IsEmpty ? MqttReasonCode.Success : (MqttReasonCode)answer.Reasons[0], answer.ReasonString);
                break;
            case PacketType.PingResp:
                PingPacket.Check(first, body);
                break;
            case PacketType.Auth when authentication is not null:
                using (DeferredWrites.Suspend())
                    return new ValueTask(AnswerAsync(AuthPacket.Read(first, body, Version), connected: true));
            case PacketType.Disconnect when Version == MqttProtocolVersion.V5:
                var goodbye = DisconnectPacket.Read(first, body, Version);
                if (goodbye.SessionExpirySeconds is not null)
                    throw MqttProtocolException.NotAllowed("A broker may not change the expiry of the session with DISCONNECT.");
                End(new MqttException(goodbye.Reason, $"The broker disconnected client '{session.ClientId}': {goodbye.Reason}{Quoted(goodbye.ReasonString)}.")
                {
                    ReasonString = goodbye.ReasonString,
                    ServerReference = goodbye.ServerReference,
                });
                break;
            default:
                throw MqttProtocolException.NotAllowed($"A broker may not send {type}.");
        }

        return ValueTask.CompletedTask;
    }

    byte[]? IPacketReceiver.Farewell(MqttException error) =>
        Version == MqttProtocolVersion.V5 && accepted.Task.IsCompletedSuccessfully ? new DisconnectPacket(error.ReasonCode).Write(Version) : null;

    private void Count(PacketType type, byte first, int bodyLength, bool moreBuffered)
    {
        received.CountPacket(FrameHeader.LengthOf(bodyLength));
        if (type == PacketType.Publish)
            received.CountMessage(PublishFlags.QualityOfService(first));
        if (type != PacketType.Publish || !moreBuffered)
            session.Counters.Received.Add(ref received);
    }

    /// <summary>Sends SUBSCRIBE or UNSUBSCRIBE, unless the broker takes no packet of its size (MQTT 5, section 3.2.2.3.6).</summary>
    private void Request(ushort packetId, byte[] packet)
    {
        if (Accepted.MaximumPacketSize == 0 || (uint)packet.Length <= Accepted.MaximumPacketSize)
        {
            connection.Outbox.Add(OutboundPacket.Of(packet));
            return;
        }

        requests.Fail(packetId, new MqttException(
            MqttReasonCode.PacketTooLarge,
            $"A packet of {packet.Length} bytes was not sent: the broker takes at most {Accepted.MaximumPacketSize}. Shorten the filter or its user properties."));
    }

    private ReceiverLimits Limits(ConnAckPacket packet) =>
        new(Version, packet.ReceiveMaximum, packet.MaximumPacketSize, packet.MaximumQoS, packet.RetainAvailable);

    private async Task AnswerAsync(AuthPacket packet, bool connected)
    {
        if (await authentication!.HandleAsync(packet, connected).ConfigureAwait(false) is { } answer)
            connection.Outbox.Add(OutboundPacket.Of(answer.Write()));
    }

    private async Task AcceptAsync(ConnAckPacket packet)
    {
        if (packet.Reason == MqttReasonCode.Success)
        {
            if (authentication is not null)
                await authentication.FinishAsync(packet.AuthenticationData ?? default).ConfigureAwait(false);
            session.ClientId = packet.AssignedClientId ?? session.ClientId;
            connection.Limit(packet.MaximumPacketSize, Math.Min(packet.TopicAliasMaximum, session.Options.MaxTopicAliasesToBroker));
            if (packet.SessionPresent && cleanStart)
                throw MqttProtocolException.NotAllowed("The broker resumed a session although a clean start was asked for.");
            if (!packet.SessionPresent)
                session.Received.Clear();
            // For 3.1.1 there is no receive maximum; the queue's own limit bounds what is in flight.
            session.Outgoing.Attach(this, Limits(packet), packet.SessionPresent);
        }

        accepted.TrySetResult(packet);
    }

    private async Task<MqttException> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        if (authentication is not null)
            authentication.Ended = stop.Token;
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
        authentication?.Close(end);
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

    private async Task<(MqttReasonCode Reason, string? Text)> WaitAsync(Task<(MqttReasonCode Reason, string? Text)> answer, string what, CancellationToken cancel)
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

    private static string Quoted(string? text) => text is null ? "" : $" ({text})";

    private void CheckAvailable(string filter)
    {
        bool shared = SharedFilter.IsShared(filter);
        if (shared && !Accepted.SharedSubscriptionsAvailable)
        {
            throw new MqttException(
                MqttReasonCode.SharedSubscriptionsNotSupported, $"The broker offers no shared subscriptions, so '{filter}' was not subscribed to.");
        }

        if (!Accepted.WildcardSubscriptionsAvailable && filter.AsSpan().ContainsAny('+', '#'))
        {
            throw new MqttException(
                MqttReasonCode.WildcardSubscriptionsNotSupported, $"The broker offers no wildcards, so '{filter}' was not subscribed to.");
        }
    }

    private static MqttException Refused(ClientSession session, ConnAckPacket answer)
    {
        string remedy = answer.Reason switch
        {
            MqttReasonCode.BadUserNameOrPassword or MqttReasonCode.NotAuthorized => "Check UserName and Password.",
            MqttReasonCode.ClientIdentifierNotValid => "Set another ClientId.",
            MqttReasonCode.UnsupportedProtocolVersion => "Set another ProtocolVersion.",
            MqttReasonCode.UseAnotherServer or MqttReasonCode.ServerMoved when answer.ServerReference is { } other => $"Connect to {other}.",
            _ => "See the broker's log.",
        };
        return new MqttException(
            answer.Reason,
            $"The broker at {session.Options.EndPoint} refused client '{session.ClientId}': {answer.Reason}{Quoted(answer.ReasonString)}. {remedy}")
        { ReasonString = answer.ReasonString, ServerReference = answer.ServerReference };
    }
}

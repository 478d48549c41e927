using System.Net;
using Mlops.Mqtt.Broker.Access;
using Mlops.Mqtt.Broker.Statistics;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker;

/// <summary>One network connection of the broker, from accept to its end.</summary>
internal sealed class BrokerConnection : IPacketReceiver
{
    /// <summary>How long a connection has to be idle before it gives memory back; busy ones would only take it again.</summary>
    private static readonly TimeSpan TrimAfter = TimeSpan.FromSeconds(10);

    private readonly BrokerContext context;
    private readonly MqttListenerOptions listener;
    private readonly PacketConnection connection;
    private readonly PublishHandler publishes;
    private readonly SubscribeHandler subscriptions;
    private readonly long acceptedAt;
    private TrafficTally received;
    private ConnectPacket? connect;
    private EnhancedAuthentication? authentication;
    private BrokerSession? session;
    private AcknowledgementSequencer? acknowledgements;
    private AcknowledgementExchange? exchange;
    private CancellationToken ended;
    private bool greetsInVersion5;
    private bool isResumed;
    private bool isGreeted;
    private bool saidGoodbye;
    private long trimmedAt;

    /// <summary>Whether the client was refused or has left: what it has sent behind that is not looked at.</summary>
    private bool isOver;

    public BrokerConnection(BrokerContext context, TcpTransport transport, MqttListenerOptions listener)
    {
        this.context = context;
        this.listener = listener;
        connection = new PacketConnection(transport, context.Time, context.Counters.Sent);
        publishes = new PublishHandler(context, this);
        subscriptions = new SubscribeHandler(context, this);
        acceptedAt = context.Time.GetTimestamp();
    }

    public string ClientId => connect?.ClientId ?? "";

    public string? UserName => connect?.UserName;

    /// <summary>The will that is published when the connection breaks, or null.</summary>
    public WillMessage? Will => connect?.Will;

    /// <summary>Whether its address connects too often, which it is told in the answer to CONNECT.</summary>
    public bool IsTooFast { get; init; }

    /// <summary>Called when the client is accepted.</summary>
    public Action? WhenAccepted { get; init; }

    /// <summary>Tells whether the connection had to make room for another one.</summary>
    public Func<bool>? IsEvicted { get; init; }

    public EndPoint? EndPoint => connection.Transport.Remote;

    public string Remote => connection.Transport.Remote?.ToString() ?? "an unknown address";

    public MqttProtocolVersion Version => connect?.Version ?? MqttProtocolVersion.Unknown;

    int IPacketReceiver.MaxPacketSize => context.Options.MaxPacketSize;

    private uint MaxPacketSizeOfClient => connect is { MaximumPacketSize: > 0 } packet ? packet.MaximumPacketSize : uint.MaxValue;

    /// <summary>Runs until the connection ends; never throws.</summary>
    public async Task RunAsync()
    {
        using var ending = new CancellationTokenSource();
        ended = ending.Token;
        var error = await connection.RunAsync(this).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        acknowledgements?.Close();
        context.Counters.Received.Add(ref received);
        if (session is not null)
        {
            var will = saidGoodbye || connect!.Will is null ? null : new PendingWill(connect.Will, session, UserName, EndPoint);
            context.Sessions.Release(session, this, will);
        }

        if (connect is null && error is not MqttException && listener.Tls is not null && !context.IsStopping && IsEvicted?.Invoke() != true)
            context.Complain(EndPoint, logger => Log.LeftAfterTls(logger, Remote));

        switch (error)
        {
            case MqttException broken:
                context.Counters.CountProtocolError();
                Log.ProtocolBroken(context.Logger, ClientId, Remote, broken.Message, broken.ReasonCode);
                break;
            case null or IOException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException:
                Log.ConnectionEnded(context.Logger, ClientId, Remote, saidGoodbye);
                break;
            default:
                Log.ConnectionFailed(context.Logger, error, ClientId, Remote);
                break;
        }
    }

    /// <summary>Says that the session has something to deliver.</summary>
    public void Signal() => connection.Outbox.Signal();

    /// <summary>Sends a packet; one that is larger than the client takes ends the connection, as there is no other answer to give.</summary>
    public void Send(byte[] packet)
    {
        if ((uint)packet.Length <= MaxPacketSizeOfClient)
            connection.Outbox.Add(OutboundPacket.Of(packet));
        else
            Disconnect(new DisconnectPacket(MqttReasonCode.PacketTooLarge));
    }

    /// <summary>Sends an answer as soon as what it says is on the disk, where it has to be.</summary>
    public void SendAfterCommit(byte[] packet)
    {
        if (session?.Journal is { } journal && (uint)packet.Length <= MaxPacketSizeOfClient)
            journal.SendAfterCommit(connection.Outbox, OutboundPacket.Of(packet));
        else
            Send(packet);
    }

    /// <summary>Closes, and says why where the protocol has words for it.</summary>
    public void Disconnect(in DisconnectPacket packet) =>
        connection.Close(Version == MqttProtocolVersion.V5 && Volatile.Read(ref isGreeted) ? packet.Write(Version, MaxPacketSizeOfClient) : null);

    public void Disconnect(MqttReasonCode reason) => Disconnect(new DisconnectPacket(reason));

    public void DisconnectTakenOver(BrokerConnection by)
    {
        context.TakeOver(ClientId, Remote, by.Remote);
        // What was read already and not looked at yet must not meet what the next connection does with the same identifiers.
        acknowledgements?.Close();
        Disconnect(MqttReasonCode.SessionTakenOver);
    }

    public void DisconnectSlow()
    {
        if (connection.Outbox.IsCompleted)
            return;
        context.Counters.CountSlowClient();
        Log.TooSlow(context.Logger, ClientId, Remote, context.Options.MaxQueuedMessagesPerSession, context.Options.MaxQueuedBytesPerSession);
        Disconnect(MqttReasonCode.QuotaExceeded);
    }

    /// <summary>Closes when nothing has come for too long: one and a half keep-alive intervals, or no CONNECT in time.</summary>
    public void CheckAlive()
    {
        if (connection.Outbox.IsCompleted)
            return;
        if (session is null)
        {
            if (!connection.IsPaused && context.Time.GetElapsedTime(acceptedAt) > context.Options.ConnectTimeout)
            {
                context.Refuse(RefusalReason.Timeout, EndPoint, logger => Log.NoConnect(logger, Remote, context.Options.ConnectTimeout.TotalSeconds));
                Disconnect(MqttReasonCode.KeepAliveTimeout);
            }
        }
        else if (connect!.KeepAliveSeconds > 0 && connection.Silence.TotalSeconds > connect.KeepAliveSeconds * 1.5)
        {
            Log.Silent(context.Logger, ClientId, Remote, connect.KeepAliveSeconds);
            Disconnect(MqttReasonCode.KeepAliveTimeout);
        }
        else
        {
            TrimWhenIdle(session.Queue);
        }
    }

    /// <summary>Gives back what busier times have left behind, once for each time of rest.</summary>
    private void TrimWhenIdle(DeliveryQueue queue)
    {
        long since = Math.Max(connection.LastReceived, connection.LastSent);
        if (since == trimmedAt || context.Time.GetElapsedTime(since) < TrimAfter)
            return;
        trimmedAt = since;
        connection.Outbox.Trim();
        queue.Trim();
    }

    /// <summary>Takes the session over; called by the registry under its lock. Nothing is sent before <see cref="Greet"/>.</summary>
    public void Accept(BrokerSession taken, bool present)
    {
        var packet = connect!;
        isResumed = present;
        acknowledgements = new AcknowledgementSequencer(
            context.Options.ReceiveMaximum,
            strict: packet.Version == MqttProtocolVersion.V5,
            taken.Received,
            (type, id, reason) => connection.Outbox.Add(OutboundPacket.Acknowledge(type, id, reason)));
        exchange = new AcknowledgementExchange(this, taken.Queue, acknowledgements, connection.Outbox, taken.Journal);
        session = taken;
        int window = Math.Min((int)packet.ReceiveMaximum, context.Options.MaxInFlightPerSession);
        taken.Queue.Attach(this, new ReceiverLimits(packet.Version, window, packet.MaximumPacketSize), resumed: present);
    }

    ValueTask IPacketReceiver.Receive(byte first, ReadOnlySpan<byte> body, long receivedTicks, bool moreBuffered)
    {
        var type = (PacketType)(first >> 4);
        received.CountPacket(FrameHeader.LengthOf(body.Length));
        if (type != PacketType.Publish || session is null)
            context.Counters.Received.Add(ref received);
        if (isOver)
            return ValueTask.CompletedTask;
        if (session is not { } mine)
            return ReceiveBeforeSession(first, body);
        switch (type)
        {
            case PacketType.Publish:
                var publish = PublishPacket.Read(first, body, Version);
                received.CountMessage(publish.QualityOfService);
                received.CountPayload(publish.Payload.Length);
                if (!moreBuffered)
                    context.Counters.Received.Add(ref received);
                return publishes.Publish(publish, mine, acknowledgements!, receivedTicks, moreBuffered);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                exchange!.Handle(first, body, Version);
                break;
            case PacketType.Subscribe:
                subscriptions.Subscribe(mine, SubscribePacket.Read(first, body, Version));
                break;
            case PacketType.Unsubscribe:
                subscriptions.Unsubscribe(mine, UnsubscribePacket.Read(first, body, Version));
                break;
            case PacketType.PingReq:
                PingPacket.Check(first, body);
                connection.Outbox.Add(OutboundPacket.Ping(PacketType.PingResp));
                break;
            case PacketType.Disconnect:
                Leave(mine, DisconnectPacket.Read(first, body, Version));
                break;
            case PacketType.Auth when authentication is not null:
                using (DeferredWrites.Suspend())
                    return new ValueTask(AuthenticateAgainAsync(AuthPacket.Read(first, body, Version)));
            default:
                throw MqttProtocolException.NotAllowed($"A client may not send {type} here.");
        }

        return ValueTask.CompletedTask;
    }

    byte[]? IPacketReceiver.Farewell(MqttException error)
    {
        if (isGreeted)
        {
            return Version == MqttProtocolVersion.V5
                ? new DisconnectPacket(error.ReasonCode, ReasonString: error.Message).Write(Version, MaxPacketSizeOfClient)
                : null;
        }

        if (error.ReasonCode == MqttReasonCode.UnsupportedProtocolVersion)
            return new ConnAckPacket { Reason = error.ReasonCode }.Write(MqttProtocolVersion.V311);
        return greetsInVersion5 && ReasonRules.Allows(PacketType.ConnAck, (byte)error.ReasonCode)
            ? new ConnAckPacket { Reason = error.ReasonCode }.Write(MqttProtocolVersion.V5)
            : null;
    }

    private ValueTask ReceiveBeforeSession(byte first, ReadOnlySpan<byte> body)
    {
        using var others = DeferredWrites.Suspend();
        if (connect is null)
        {
            greetsInVersion5 = ConnectPacket.IsVersion5(first, body);
            return new ValueTask(ConnectAsync(ConnectPacket.Read(first, body)));
        }

        switch ((PacketType)(first >> 4))
        {
            case PacketType.Auth when authentication is not null:
                return new ValueTask(ContinueConnectAsync(AuthPacket.Read(first, body, Version)));
            case PacketType.Disconnect when authentication is not null:
                DisconnectPacket.Read(first, body, Version);
                connection.Close();
                return ValueTask.CompletedTask;
            default:
                throw MqttProtocolException.NotAllowed("A client may send only AUTH and DISCONNECT before it is accepted.");
        }
    }

    private async Task ConnectAsync(ConnectPacket packet)
    {
        context.Counters.CountConnect();
        connection.Speak(packet.Version);
        var (named, reason) = Handshake.Check(packet);
        var certificate = connection.Transport.PeerCertificate;
        string? certified = listener.Tls?.CertificateIsUser == true && certificate is not null ? CertificateUser.Of(certificate) : null;
        named = certified is null ? named : named with { UserName = certified };
        connect = Handshake.WithKeepAlive(context.Options, named).WithoutSecrets();
        if (IsTooFast)
            reason = MqttReasonCode.ConnectionRateExceeded;
        if (reason != MqttReasonCode.Success)
        {
            Refuse(reason);
            return;
        }

        var presented = Handshake.Present(named, EndPoint, certificate, certified is not null, listener.Anonymous);
        if (named.AuthenticationMethod is { } method)
        {
            if (context.Gatekeeper.FindMethod(method) is not { } begin)
            {
                Refuse(MqttReasonCode.BadAuthenticationMethod);
                return;
            }

            authentication = new EnhancedAuthentication(method, begin, presented, context.Logger, ended);
            await ContinueAsync(await authentication.BeginAsync(named.AuthenticationData ?? default).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        try
        {
            reason = await context.Gatekeeper.AdmitAsync(presented).ConfigureAwait(false);
        }
        finally
        {
            presented.ForgetPassword();
        }

        if (reason == MqttReasonCode.Success)
            await EnterAsync().ConfigureAwait(false);
        else
            Refuse(reason);
    }

    private async Task ContinueConnectAsync(AuthPacket packet) =>
        await ContinueAsync(await authentication!.HandleAsync(packet, connected: false).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task ContinueAsync(MqttAuthenticationStep step)
    {
        switch (step.Reason)
        {
            case MqttReasonCode.ContinueAuthentication:
                Send(authentication!.Answer(step));
                break;
            case MqttReasonCode.Success:
                connect = connect! with { AuthenticationData = step.Data };
                await EnterAsync().ConfigureAwait(false);
                break;
            default:
                Refuse(step.Reason);
                break;
        }
    }

    /// <summary>Takes the session, and answers when what the answer says is on the disk.</summary>
    private async Task EnterAsync()
    {
        var named = connect!;
        var expiry = Handshake.Expiry(context.Options, named.SessionExpirySeconds);
        if (!context.Sessions.TryTake(named.ClientId, this, named.CleanStart, expiry, out bool isNoted))
        {
            Refuse(MqttReasonCode.QuotaExceeded);
            return;
        }

        // A session that was there before is still on the disk, even when that takes nothing now.
        if (isNoted && !await context.Store!.TryCommitAsync().ConfigureAwait(false) && !isResumed)
        {
            connect = named with { Will = null };
            context.Sessions.Abandon(session!, this);
            Refuse(MqttReasonCode.QuotaExceeded);
            return;
        }

        Greet();
    }

    private void Greet()
    {
        var packet = connect!;
        Send(Handshake.Accept(context.Options, packet, session!, isResumed).Write(packet.Version));
        connect = packet.WithoutSecrets();
        Volatile.Write(ref isGreeted, true);
        connection.Limit(packet.MaximumPacketSize, Math.Min(packet.TopicAliasMaximum, context.Options.MaxTopicAliasesToClients));
        connection.Outbox.DeliverFrom(session!.Queue, this);
        WhenAccepted?.Invoke();
        Log.Connected(context.Logger, ClientId, Remote, Version);
    }

    private void Refuse(MqttReasonCode reason)
    {
        isOver = true;
        string name = Handshake.Printable(ClientId);
        context.Refuse(Refusals.Of(reason), EndPoint, logger =>
        {
            if (IsTooFast)
                Log.TooFast(logger, name, Remote, context.Options.MaxConnectsPerSecond);
            else
                Log.Refused(logger, name, Remote, reason);
        });
        connection.Close(new ConnAckPacket { Reason = reason }.Write(Version));
    }

    private async Task AuthenticateAgainAsync(AuthPacket packet)
    {
        var step = await authentication!.HandleAsync(packet, connected: true).ConfigureAwait(false);
        if (step.Reason is MqttReasonCode.Success or MqttReasonCode.ContinueAuthentication)
        {
            Send(authentication.Answer(step));
            return;
        }

        context.Refuse(Refusals.Of(step.Reason), EndPoint, logger => Log.Refused(logger, ClientId, Remote, step.Reason));
        Disconnect(ReasonRules.Allows(PacketType.Disconnect, (byte)step.Reason) ? step.Reason : MqttReasonCode.NotAuthorized);
    }

    private void Leave(BrokerSession mine, in DisconnectPacket packet)
    {
        if (packet.ServerReference is not null)
            throw MqttProtocolException.NotAllowed("A client may not name a server.");
        if (packet.SessionExpirySeconds is { } seconds)
        {
            if (connect!.SessionExpirySeconds == 0 && seconds != 0)
                throw MqttProtocolException.NotAllowed("A session expiry of 0 cannot be raised when disconnecting.");
            context.Sessions.SetExpiry(mine, this, Handshake.Expiry(context.Options, seconds));
        }

        isOver = true;
        saidGoodbye = packet.Reason == MqttReasonCode.Success;
        connection.Close();
    }
}

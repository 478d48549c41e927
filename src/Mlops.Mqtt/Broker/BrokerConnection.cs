using System.Net;
using Mlops.Mqtt.Broker.Access;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker;

/// <summary>One network connection of the broker, from accept to its end.</summary>
internal sealed class BrokerConnection : IPacketReceiver
{
    private readonly BrokerContext context;
    private readonly MqttListenerOptions listener;
    private readonly PacketConnection connection;
    private readonly TopicCache topics = new();
    private readonly AcknowledgementSequencer acknowledgements;
    private readonly SubscribeHandler subscriptions;
    private readonly long acceptedAt;
    private ConnectPacket? connect;
    private BrokerSession? session;
    private bool saidGoodbye;

    public BrokerConnection(BrokerContext context, TcpTransport transport, MqttListenerOptions listener)
    {
        this.context = context;
        this.listener = listener;
        connection = new PacketConnection(transport, context.Time);
        acknowledgements = new AcknowledgementSequencer(
            context.Options.ReceiveMaximum, (id, reason) => connection.Outbox.Add(OutboundPacket.PubAck(id, reason)));
        subscriptions = new SubscribeHandler(context, this);
        acceptedAt = context.Time.GetTimestamp();
    }

    public string ClientId => connect?.ClientId ?? "";

    public string? UserName => connect?.UserName;

    /// <summary>Whether its address connects too often, which it is told in the answer to CONNECT.</summary>
    public bool IsTooFast { get; init; }

    public EndPoint? EndPoint => connection.Transport.Remote;

    public string Remote => connection.Transport.Remote?.ToString() ?? "an unknown address";

    public MqttProtocolVersion Version => connect?.Version ?? MqttProtocolVersion.Unknown;

    int IPacketReceiver.MaxPacketSize => context.Options.MaxPacketSize;

    /// <summary>Runs until the connection ends; never throws.</summary>
    public async Task RunAsync()
    {
        var error = await connection.RunAsync(this).ConfigureAwait(false);
        acknowledgements.Close();
        if (session is not null)
            context.Sessions.Release(session, this);
        if (connect is null && error is not MqttException && listener.Tls is not null && !context.IsStopping)
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

        if (session is not null && !saidGoodbye && !context.IsStopping && connect?.Will is { } will)
            await PublishWillAsync(will).ConfigureAwait(false);
    }

    /// <summary>Says that the session has something to deliver.</summary>
    public void Signal() => connection.Outbox.Signal();

    public void Send(byte[] packet) => connection.Outbox.Add(OutboundPacket.Of(packet));

    /// <summary>Closes, and says why where the protocol has words for it.</summary>
    public void Disconnect(MqttReasonCode reason) =>
        connection.Close(Version == MqttProtocolVersion.V5 && session is not null ? new DisconnectPacket(reason).Write(Version) : null);

    public void DisconnectTakenOver()
    {
        Log.TakenOver(context.Logger, ClientId, Remote);
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
                Disconnect(MqttReasonCode.KeepAliveTimeout);
        }
        else if (connect!.KeepAliveSeconds > 0 && connection.Silence.TotalSeconds > connect.KeepAliveSeconds * 1.5)
        {
            Log.Silent(context.Logger, ClientId, Remote, connect.KeepAliveSeconds);
            Disconnect(MqttReasonCode.KeepAliveTimeout);
        }
    }

    /// <summary>Takes the session over; called by the registry under its lock.</summary>
    public void Accept(BrokerSession taken, bool present)
    {
        var packet = connect!;
        session = taken;
        Send(Handshake.Accept(context.Options, packet, taken, present).Write(packet.Version));
        int window = Math.Min((int)packet.ReceiveMaximum, context.Options.MaxInFlightPerSession);
        taken.Queue.Attach(this, packet.Version, window, packet.MaximumPacketSize, resumed: present);
        connection.Outbox.DeliverFrom(taken.Queue, this);
    }

    ValueTask IPacketReceiver.Receive(byte first, ReadOnlySpan<byte> body, long receivedTicks, bool moreBuffered)
    {
        if (session is not { } mine)
            return new ValueTask(ConnectAsync(ConnectPacket.Read(first, body)));
        var type = (PacketType)(first >> 4);
        switch (type)
        {
            case PacketType.Publish:
                return Publish(PublishPacket.Read(first, body, Version), mine, receivedTicks, moreBuffered);
            case PacketType.PubAck:
                if (mine.Queue.Acknowledge(this, AcknowledgePacket.Read(first, body, Version).PacketId, MqttReasonCode.Success))
                    connection.Outbox.Signal();
                break;
            case PacketType.Subscribe:
                subscriptions.Subscribe(mine, SubscribePacket.Read(first, body, Version));
                break;
            case PacketType.Unsubscribe:
                subscriptions.Unsubscribe(mine, UnsubscribePacket.Read(first, body, Version));
                break;
            case PacketType.PingReq:
                connection.Outbox.Add(OutboundPacket.Ping(PacketType.PingResp));
                break;
            case PacketType.Disconnect:
                Leave(mine, DisconnectPacket.Read(first, body, Version));
                break;
            default:
                throw MqttProtocolException.NotAllowed($"A client may not send {type} here.");
        }

        return ValueTask.CompletedTask;
    }

    byte[]? IPacketReceiver.Farewell(MqttException error)
    {
        if (session is not null)
            return Version == MqttProtocolVersion.V5 ? new DisconnectPacket(error.ReasonCode).Write(Version) : null;
        return error.ReasonCode == MqttReasonCode.UnsupportedProtocolVersion
            ? new ConnAckPacket { Reason = error.ReasonCode }.Write(MqttProtocolVersion.V311)
            : null;
    }

    private async Task ConnectAsync(ConnectPacket packet)
    {
        connection.Speak(packet.Version);
        var (named, reason) = Handshake.Check(packet);
        var certificate = connection.Transport.PeerCertificate;
        string? certified = listener.Tls?.CertificateIsUser == true && certificate is not null ? CertificateUser.Of(certificate) : null;
        connect = named = certified is null ? named : named with { UserName = certified };
        if (IsTooFast)
            reason = MqttReasonCode.ConnectionRateExceeded;
        if (reason == MqttReasonCode.Success)
        {
            var presented = new MqttAuthenticationContext(
                named.ClientId, named.UserName, named.Password ?? default, connection.Transport.Remote, named.Version)
            { ClientCertificate = certificate, IsUserByCertificate = certified is not null, Anonymous = listener.Anonymous };
            reason = await context.Gatekeeper.AdmitAsync(presented).ConfigureAwait(false);
        }

        var expiry = Handshake.Expiry(context.Options, named.SessionExpirySeconds);
        if (reason == MqttReasonCode.Success && !context.Sessions.TryTake(named.ClientId, this, named.CleanStart, expiry))
            reason = MqttReasonCode.QuotaExceeded;
        if (reason == MqttReasonCode.Success)
        {
            Log.Connected(context.Logger, ClientId, Remote, Version);
            return;
        }

        context.Refuse(EndPoint, logger => Log.Refused(logger, Handshake.Printable(ClientId), Remote, reason));
        connection.Close(new ConnAckPacket { Reason = reason }.Write(Version));
    }

    private ValueTask Publish(in PublishPacket packet, BrokerSession mine, long receivedTicks, bool moreBuffered)
    {
        if (packet.QualityOfService == MqttQualityOfService.ExactlyOnce)
            throw new MqttProtocolException(MqttReasonCode.QoSNotSupported, "A message came with QoS 2, which this broker does not offer.");
        if (!packet.Properties.IsEmpty)
            CheckProperties(packet.Properties);
        var entry = topics.Get(packet.Topic);
        context.Counters.CountReceived();
        var held = packet.QualityOfService == MqttQualityOfService.AtMostOnce
            ? default
            : new HeldPublish(acknowledgements, packet.PacketId);
        if (!context.Gatekeeper.Allows(ClientId, UserName, MqttAccess.Publish, entry.Topic))
        {
            context.Deny(this, MqttAccess.Publish, entry.Topic);
            held.Leave(MqttReasonCode.NotAuthorized);
            return held.WaitForRoomAsync();
        }

        var message = new MqttIncoming(entry, packet.Payload, packet.Flags, receivedTicks, moreBuffered) { ClientId = mine.ClientId };
        return context.Pipeline.Publish(message, packet.Properties, mine, held);
    }

    private static void CheckProperties(ReadOnlySpan<byte> section)
    {
        var properties = new PropertyReader(section, PacketType.Publish);
        while (properties.Next())
        {
            if (properties.Id == PropertyId.TopicAlias)
                throw new MqttProtocolException(MqttReasonCode.TopicAliasInvalid, "A topic alias came, but none were offered.");
            if (properties.Id == PropertyId.SubscriptionIdentifier)
                throw MqttProtocolException.NotAllowed("A client may not send subscription identifiers with a message.");
        }
    }

    private void Leave(BrokerSession mine, DisconnectPacket packet)
    {
        if (packet.SessionExpirySeconds is { } seconds)
        {
            if (connect!.SessionExpirySeconds == 0 && seconds != 0)
                throw MqttProtocolException.NotAllowed("A session expiry of 0 cannot be raised when disconnecting.");
            context.Sessions.Change(mine, this, () => mine.Expiry = Handshake.Expiry(context.Options, seconds));
        }

        saidGoodbye = packet.Reason != MqttReasonCode.DisconnectWithWill;
        connection.Close();
    }

    private async Task PublishWillAsync(WillMessage will)
    {
        if (!context.Gatekeeper.Allows(ClientId, UserName, MqttAccess.Publish, will.Topic))
        {
            context.Deny(this, MqttAccess.Publish, will.Topic);
            return;
        }

        byte flags = PublishFlags.Of(will.QualityOfService, will.Retain);
        var message = new MqttIncoming(
            TopicEntry.Of(will.Topic), will.Payload.Span, flags, System.Diagnostics.Stopwatch.GetTimestamp(), false)
        { ClientId = ClientId };
        await context.Pipeline.Publish(message, will.Properties.Span, session, default).ConfigureAwait(false);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Mlops.Mqtt.Broker.Statistics;
using Mlops.Mqtt.Transport;
using Mlops.Mqtt.Transport.Tls;
using Mlops.Mqtt.Transport.WebSockets;

namespace Mlops.Mqtt.Broker;

/// <summary>Accepts connections on one address and opens TLS and WebSocket on them, until it is stopped.</summary>
internal sealed class BrokerListener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(14);

    private readonly BrokerContext context;
    private readonly MqttListenerOptions options;
    private readonly ConnectionSet connections;
    private readonly Socket socket;
    private readonly ServerTls? tls;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    private BrokerListener(BrokerContext context, MqttListenerOptions options, ConnectionSet connections, Socket socket)
    {
        this.context = context;
        this.options = options;
        this.connections = connections;
        this.socket = socket;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        Name = $"{options.Scheme}://{EndPoint}{options.WebSocket?.Path}";
        if (options.Tls is { } settings)
            tls = OpenTls(settings);
        accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Where it listens, as a URL.</summary>
    public string Name { get; }

    /// <exception cref="IOException">The address cannot be listened on, or the certificate cannot be used.</exception>
    public static BrokerListener Start(BrokerContext context, MqttListenerOptions options, ConnectionSet connections)
    {
        var endPoint = new IPEndPoint(options.Address, options.Port);
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endPoint);
            socket.Listen();
            return new BrokerListener(context, options, connections, socket);
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            string why = error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "the port is in use. Stop the program that uses it, or set another Port or Address",
                SocketError.AddressNotAvailable => "this machine does not have the address. Set another Address",
                SocketError.AccessDenied => "the system does not allow it. Set a Port above 1023, or grant the right",
                _ => $"{error.Message}. Set another Port or Address",
            };
            throw new IOException($"The MQTT broker cannot listen on {endPoint}: {why}.", error);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        socket.Dispose();
        await accepting.ConfigureAwait(false);
        stopping.Dispose();
        Log.Stopped(context.Logger, Name);
    }

    private ServerTls OpenTls(MqttListenerTlsOptions settings)
    {
        try
        {
            var opened = new ServerTls(settings, OnCertificateChanged, context.Time);
            WarnOfExpiry(opened);
            return opened;
        }
        catch (IOException error)
        {
            throw new IOException($"The MQTT broker cannot open TLS on {Name}: {error.Message}.", error);
        }
    }

    private void OnCertificateChanged(Exception? error)
    {
        if (error is not null)
        {
            Log.CertificateUnusable(context.Logger, Name, error.Message);
            return;
        }

        Log.CertificateChanged(context.Logger, Name);
    }

    private void WarnOfExpiry(ServerTls opened)
    {
        var notAfter = opened.NotAfter.ToUniversalTime();
        if (context.Time.GetUtcNow() + SoonExpired > notAfter)
            Log.CertificateExpires(context.Logger, Name, notAfter);
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Welcome(await socket.AcceptAsync(stopping.Token).ConfigureAwait(false));
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Out of file handles, or a peer that is gone already: neither may end the broker.
                Log.AcceptFailed(context.Logger, error);
                await Task.Delay(PauseAfterFailure, context.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Welcome(Socket accepted)
    {
        if (connections.TryServe(accepted, (slot, stop) => ServeAsync(accepted, slot, stop)))
            return;
        var remote = accepted.RemoteEndPoint;
        context.Refuse(RefusalReason.Connections, remote, logger => Log.TooManyConnections(logger, remote, context.Options.MaxConnections));
        accepted.Dispose();
    }

    private async Task ServeAsync(Socket accepted, ConnectionSlot slot, CancellationToken stop)
    {
        TcpTransport transport;
        try
        {
            transport = TcpTransport.Accept(accepted);
        }
        catch (SocketException)
        {
            // Gone already.
            accepted.Dispose();
            return;
        }

        bool isTooFast = !context.Connects.TryTake(PeerAddress.Of(transport.Remote));
        if (!await OpenAsync(transport, slot, isTooFast, stop).ConfigureAwait(false))
        {
            transport.Dispose();
            return;
        }

        var connection = new BrokerConnection(context, transport, options) { IsTooFast = isTooFast, WhenAccepted = () => connections.Accept(slot), IsEvicted = () => slot.IsEvicted };
        slot.Connection = connection;
        // A stop that looked before the slot was filled has not seen the connection.
        if (stop.IsCancellationRequested)
            connection.Disconnect(MqttReasonCode.ServerShuttingDown);
        await connection.RunAsync().ConfigureAwait(false);
    }

    /// <summary>Opens what lies between TCP and MQTT; false when that failed, which is logged.</summary>
    private async Task<bool> OpenAsync(TcpTransport transport, ConnectionSlot slot, bool isTooFast, CancellationToken stop)
    {
        if (tls is null && options.WebSocket is null)
            return true;
        if (isTooFast)
        {
            // A handshake is what a flood would have us pay for.
            Refuse(RefusalReason.Rate, transport, "it connects too often, see MaxConnectsPerSecond");
            return false;
        }

        using var timeout = new CancellationTokenSource(context.Options.ConnectTimeout, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            if (tls is not null)
                await tls.AcceptAsync(transport, both.Token).ConfigureAwait(false);
            if (options.WebSocket is { } webSocket)
            {
                await Upgrade.AcceptAsync(transport.Stream, webSocket, both.Token).ConfigureAwait(false);
                transport.Add(BinaryFrameStream.Over(transport.Stream, isServer: true));
            }

            return true;
        }
        catch (Exception) when (slot.IsEvicted)
        {
            // It had to make room, which was said.
        }
        catch (UpgradeException refused)
        {
            Refuse(RefusalReason.Opening, transport, refused.Message);
            // The answer would be lost to a reset.
            await transport.ShutdownSendAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The broker stops.
        }
        catch (OperationCanceledException)
        {
            Refuse(RefusalReason.Timeout, transport, $"it has not finished within ConnectTimeout, {context.Options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch (Exception error) when (error is AuthenticationException or IOException or SocketException)
        {
            Refuse(RefusalReason.Opening, transport, error.Message);
        }
        catch (Exception error)
        {
            Log.ConnectionFailed(context.Logger, error, "", $"{transport.Remote}");
        }

        return false;
    }

    private void Refuse(RefusalReason reason, TcpTransport transport, string problem) =>
        context.Refuse(reason, transport.Remote, logger => Log.OpeningFailed(logger, transport.Remote, Name, problem));
}

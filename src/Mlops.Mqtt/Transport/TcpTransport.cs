using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt.Transport;

/// <summary>A TCP connection as a stream. What TLS and WebSocket put on top is another stream over the same socket.</summary>
internal sealed class TcpTransport : IDisposable
{
    /// <summary>Seconds of silence, and between probes, after which the system asks whether the peer's machine is still there.</summary>
    private const int ProbeAfterSeconds = 60;
    private const int ProbeEverySeconds = 10;
    private const int Probes = 6;

    private readonly Socket socket;

    private TcpTransport(Socket socket)
    {
        this.socket = socket;
        // A PUBLISH in two segments must not wait for the peer's delayed acknowledgement (40 ms); writes are coalesced here instead.
        socket.NoDelay = true;
        // MQTT's own keep alive may be off.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeAfterSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeEverySeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        // A socket for both families shows IPv4 peers as ::ffff:a.b.c.d, which nobody writes into a rule or searches in a log.
        Remote = socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
            ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
            : socket.RemoteEndPoint;
        Stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>What is read from and written to: the innermost layer that is open.</summary>
    public Stream Stream { get; private set; }

    public EndPoint? Remote { get; }

    /// <summary>The certificate that the other side has shown and that was found good, or null.</summary>
    public X509Certificate2? PeerCertificate { get; private set; }

    public static TcpTransport Accept(Socket accepted) => new(accepted);

    public static async Task<TcpTransport> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, cancel).ConfigureAwait(false);
            return new TcpTransport(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Puts TLS on top as the side that was connected to.</summary>
    public Task AcceptTlsAsync(SslServerAuthenticationOptions options, CancellationToken cancel) =>
        AddTlsAsync(tls => tls.AuthenticateAsServerAsync(options, cancel));

    /// <summary>Puts TLS on top as the side that has connected.</summary>
    public Task OpenTlsAsync(SslClientAuthenticationOptions options, CancellationToken cancel) =>
        AddTlsAsync(tls => tls.AuthenticateAsClientAsync(options, cancel));

    /// <summary>Puts another layer on top, which owns the one below from now on.</summary>
    public void Add(Stream layer) => Stream = layer;

    /// <summary>Tells the peer that nothing more is sent, on each layer, and goes on receiving.</summary>
    public async Task ShutdownSendAsync()
    {
        try
        {
            await CloseLayersAsync().ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The peer was faster.
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        socket.Dispose();
        PeerCertificate?.Dispose();
    }

    private async Task AddTlsAsync(Func<SslStream, Task> authenticate)
    {
        var tls = new SslStream(Stream, leaveInnerStreamOpen: false);
        Stream = tls;
        await authenticate(tls).ConfigureAwait(false);
        // The stream owns its certificate, while this one is looked at until the connection ends.
        PeerCertificate = tls.RemoteCertificate is X509Certificate2 shown ? new X509Certificate2(shown) : null;
    }

    private async Task CloseLayersAsync()
    {
        var below = Stream;
        if (below is WebSockets.BinaryFrameStream frames)
        {
            await frames.CloseSendAsync().ConfigureAwait(false);
            below = frames.Below;
        }

        if (below is SslStream tls)
            await tls.ShutdownAsync().ConfigureAwait(false);
    }
}

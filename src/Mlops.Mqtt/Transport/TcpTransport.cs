using System.Net;
using System.Net.Sockets;

namespace Mlops.Mqtt.Transport;

/// <summary>A TCP connection as a stream. What TLS and WebSocket put on top is another stream over the same socket.</summary>
internal sealed class TcpTransport : IDisposable
{
    private readonly Socket socket;

    private TcpTransport(Socket socket)
    {
        this.socket = socket;
        // A PUBLISH in two segments must not wait for the peer's delayed acknowledgement (40 ms); writes are coalesced here instead.
        socket.NoDelay = true;
        Remote = socket.RemoteEndPoint;
        Stream = new NetworkStream(socket, ownsSocket: true);
    }

    public Stream Stream { get; }

    public EndPoint? Remote { get; }

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

    /// <summary>Tells the peer that nothing more is sent, and goes on receiving.</summary>
    public void ShutdownSend()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
    }

    public void Dispose() => Stream.Dispose();
}

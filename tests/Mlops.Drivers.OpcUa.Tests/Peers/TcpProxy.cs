using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mlops.Drivers.OpcUa.Tests.Peers;

/// <summary>A network between driver and server that can be cut in the midst of a message, or go silent.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly int _server;
    private readonly Task _accepting;
    private long _bytes;

    public TcpProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public string Endpoint => $"opc.tcp://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Gets how many bytes the server has sent.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Cuts all connections after some more bytes from the server.</summary>
    public void CutAfter(int bytes)
    {
        foreach (Link link in _links.Keys)
            link.CutAfter(bytes);
    }

    /// <summary>Lets all connections stand while nothing comes through any more, as when a cable is pulled.</summary>
    public void Silence()
    {
        foreach (Link link in _links.Keys)
            link.Silence();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (Link link in _links.Keys)
            link.Dispose();
        await _accepting.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptSocketAsync(_stop.Token);
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
            }
            catch (SocketException)
            {
                client.Dispose();
                server.Dispose();
                continue;
            }

            var link = new Link(client, server, count => Interlocked.Add(ref _bytes, count));
            _links[link] = true;
            link.Run(() => _links.TryRemove(link, out _));
        }
    }

    private sealed class Link(Socket client, Socket server, Action<int> count) : IDisposable
    {
        private long _left = long.MaxValue;
        private volatile bool _silent;

        public void CutAfter(int bytes) => Interlocked.Exchange(ref _left, bytes);

        public void Silence() => _silent = true;

        public void Run(Action ended) => _ = Task.WhenAll(PumpAsync(client, server, false), PumpAsync(server, client, true)).ContinueWith(_ => ended(), TaskScheduler.Default);

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }

        private async Task PumpAsync(Socket from, Socket to, bool counts)
        {
            var buffer = new byte[65_536];
            try
            {
                while (await from.ReceiveAsync(buffer) is > 0 and int read)
                {
                    if (_silent)
                        continue;
                    int passes = counts ? (int)Math.Min(read, Interlocked.Read(ref _left)) : read;
                    await to.SendAsync(buffer.AsMemory(0, passes));
                    if (!counts)
                        continue;
                    count(passes);
                    if (Interlocked.Read(ref _left) != long.MaxValue && Interlocked.Add(ref _left, -passes) <= 0)
                        break;
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The other direction has ended it.
            }
            finally
            {
                if (!_silent)
                    Dispose();
            }
        }
    }
}

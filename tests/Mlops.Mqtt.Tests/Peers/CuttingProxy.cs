using System.Net;
using System.Net.Sockets;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>Stands between a client and a broker and cuts the connection after some packets, before or after it passed the last one on.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly int brokerPort;
    private readonly Func<int> next;
    private readonly Task accepting;

    /// <param name="brokerPort">Where the broker listens.</param>
    /// <param name="next">Tells after how many packets of one direction, the handshake not counted, the next connection is cut; 0 for never.</param>
    public CuttingProxy(int brokerPort, Func<int> next)
    {
        this.brokerPort = brokerPort;
        this.next = next;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut.</summary>
    public int Cuts { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                using var broker = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                await broker.ConnectAsync(IPAddress.Loopback, brokerPort, stopping.Token);
                int after = next();
                bool upwards = after % 2 == 0;
                var up = PumpAsync(client, broker, upwards ? after : 0);
                var down = PumpAsync(broker, client, upwards ? 0 : after);
                await Task.WhenAny(up, down);
                client.Close();
                broker.Close();
                await Task.WhenAll(up, down);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Asked to stop, or the broker is not there just now.
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, int cutAfter)
    {
        var pending = new List<byte>();
        var buffer = new byte[16 * 1024];
        int packets = 0;
        try
        {
            while (true)
            {
                int count = await from.GetStream().ReadAsync(buffer, stopping.Token);
                if (count == 0)
                    return;
                pending.AddRange(buffer.AsSpan(0, count));
                while (FrameHeader.TryRead([.. pending], out var header) && header.PacketLength <= pending.Count)
                {
                    byte[] packet = [.. pending.Take(header.PacketLength)];
                    pending.RemoveRange(0, packet.Length);
                    bool counts = header.Type is PacketType.Publish or PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp;
                    packets += counts ? 1 : 0;
                    bool cut = counts && cutAfter > 0 && packets == cutAfter;
                    // Lost on the way, or just arrived.
                    if (!cut || cutAfter % 4 < 2)
                        await to.GetStream().WriteAsync(packet, stopping.Token);
                    if (!cut)
                        continue;
                    Cuts++;
                    return;
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other direction has ended.
        }
    }
}

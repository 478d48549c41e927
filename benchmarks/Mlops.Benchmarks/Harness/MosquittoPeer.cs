using System.Net;
using System.Net.Sockets;

namespace Mlops.Benchmarks.Harness;

/// <summary>A mosquitto of a scenario's own, as fast as it can be: no Nagle, no bounds on queues, nothing written.</summary>
internal static class MosquittoPeer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static async Task<(Peer Broker, int Port)> StartAsync(string folder, CancellationToken stop)
    {
        int port = FreePort();
        string configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_inflight_messages 0\nmax_queued_messages 0\npersistence false\nuser {Environment.UserName}\nlog_type error\n", stop);
        Peer broker = Peer.StartServer("mosquitto", File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto", "-c", configuration);
        await WaitForAsync(port, stop);
        return (broker, port);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForAsync(int port, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(s_patience);
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }
}

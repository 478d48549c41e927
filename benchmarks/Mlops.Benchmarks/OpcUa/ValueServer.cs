using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.OpcUa;

/// <summary>A server whose nodes all change at an interval.</summary>
internal sealed class ValueServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Peer _process;
    private readonly DirectoryInfo _folder;

    private ValueServer(Peer process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"opc.tcp://localhost:{port}");
    }

    public string Endpoint { get; }

    public static async Task<ValueServer> StartAsync(string peers, int nodes, int interval, CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-bench-");
        int port = FreePort();
        Peer process = Peer.Start("server", "node", Path.Combine(peers, "opcua_server.cjs"), JsonSerializer.Serialize(new { port, folder = folder.FullName, nodes, interval }));
        while (await process.ReadLineAsync(Patience, stop) != "ready")
        {
            // It also tells of its certificates.
        }

        return new ValueServer(process, folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

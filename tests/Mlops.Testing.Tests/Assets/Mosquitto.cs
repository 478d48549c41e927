using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mlops.Testing.Tests.Assets;

/// <summary>A mosquitto broker of its own on a free loopback port.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string _configuration = Path.GetTempFileName();
    private Process? _process;

    private Mosquitto(int port) => Port = port;

    public int Port { get; }

    public static async Task<Mosquitto> StartAsync()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var broker = new Mosquitto(((IPEndPoint)probe.LocalEndpoint).Port);
        probe.Stop();
        await broker.RunAsync();
        return broker;
    }

    public async Task RunAsync()
    {
        await File.WriteAllTextAsync(_configuration, $"listener {Port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\nmax_inflight_messages 0\n");
        var executable = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        _process = Process.Start(new ProcessStartInfo(executable, ["-c", _configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        await Wait.Until(async () =>
        {
            _process.HasExited.ShouldBeFalse("mosquitto ended by itself");
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        File.Delete(_configuration);
    }
}

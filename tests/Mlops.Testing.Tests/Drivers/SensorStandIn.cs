using System.Net;
using System.Net.Sockets;

namespace Mlops.Testing.Tests.Drivers;

/// <summary>A sensor that sends lines over TCP, and can be switched off and on.</summary>
internal sealed class SensorStandIn : IAsyncDisposable
{
    private readonly string _line;
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private CancellationTokenSource _stop = new();
    private Task _running;

    public SensorStandIn(string line = "21.5")
    {
        _line = line;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _running = RunAsync(_listener, _stop.Token);
    }

    public int Port { get; }

    public async Task SwitchOffAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
    }

    public Task SwitchOnAsync()
    {
        _stop = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _running = RunAsync(_listener, _stop.Token);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await SwitchOffAsync();
        _listener.Dispose();
    }

    private async Task RunAsync(TcpListener listener, CancellationToken stop)
    {
        var clients = new List<Task>();
        try
        {
            while (true)
                clients.Add(SendAsync(await listener.AcceptTcpClientAsync(stop), stop));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task SendAsync(TcpClient client, CancellationToken stop)
    {
        using (client)
        {
            try
            {
                await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
                while (true)
                {
                    await writer.WriteLineAsync(_line.AsMemory(), stop);
                    await Task.Delay(2, stop);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // Switched off, or the reader has gone.
            }
        }
    }
}

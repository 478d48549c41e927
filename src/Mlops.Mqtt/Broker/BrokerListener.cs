using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker;

/// <summary>Accepts connections and watches over them until it is stopped.</summary>
internal sealed class BrokerListener : IAsyncDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly BrokerContext context;
    private readonly Socket socket;
    private readonly ConcurrentDictionary<BrokerConnection, Task> connections = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;
    private readonly Task checking;

    private BrokerListener(BrokerContext context, Socket socket)
    {
        this.context = context;
        this.socket = socket;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        accepting = AcceptAsync();
        checking = CheckAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public static BrokerListener Start(BrokerContext context)
    {
        var endPoint = new IPEndPoint(context.Options.Address, context.Options.Port);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen();
            return new BrokerListener(context, socket);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            string why = error.SocketErrorCode == SocketError.AddressAlreadyInUse ? "the port is in use" : error.Message;
            throw new IOException(
                $"The MQTT broker cannot listen on {endPoint}: {why}. Stop the program that uses it, or set another MqttBrokerOptions.Port or Address.",
                error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        context.IsStopping = true;
        await stopping.CancelAsync().ConfigureAwait(false);
        socket.Dispose();
        await accepting.ConfigureAwait(false);
        await checking.ConfigureAwait(false);
        foreach (var connection in connections.Keys)
            connection.Disconnect(MqttReasonCode.ServerShuttingDown);
        var ended = Task.WhenAll(connections.Values);
        await Task.WhenAny(ended, Task.Delay(StopTimeout, context.Time)).ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var accepted = await socket.AcceptAsync(stopping.Token).ConfigureAwait(false);
                Welcome(accepted);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Out of file handles, or a peer that is gone already: neither may end the broker.
                Log.AcceptFailed(context.Logger, error);
                await Task.Delay(CheckInterval, context.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Welcome(Socket accepted)
    {
        if (connections.Count >= context.Options.MaxConnections)
        {
            context.Counters.CountRefused();
            Log.TooManyConnections(context.Logger, accepted.RemoteEndPoint, context.Options.MaxConnections);
            accepted.Dispose();
            return;
        }

        BrokerConnection connection;
        try
        {
            connection = new BrokerConnection(context, TcpTransport.Accept(accepted));
        }
        catch (SocketException)
        {
            accepted.Dispose();
            return;
        }

        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connections[connection] = running.Task;
        _ = Task.Run(async () =>
        {
            context.Counters.AddConnected(1);
            try
            {
                await connection.RunAsync().ConfigureAwait(false);
            }
            finally
            {
                context.Counters.AddConnected(-1);
                connections.TryRemove(connection, out _);
                running.TrySetResult();
            }
        });
    }

    private async Task CheckAsync()
    {
        using var timer = new PeriodicTimer(CheckInterval, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false))
            {
                foreach (var connection in connections.Keys)
                    connection.CheckAlive();
                context.Sessions.RemoveExpired();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}

using System.Collections.Concurrent;
using System.Net.Sockets;
using Mlops.Mqtt.Broker.Statistics;

namespace Mlops.Mqtt.Broker;

/// <summary>The connections of a broker on all its listeners, from accept to end: bounds, watches and ends them.</summary>
internal sealed class ConnectionSet : IAsyncDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly BrokerContext context;
    private readonly ConnectionLimits limits;
    private readonly ConcurrentDictionary<ConnectionSlot, Task> slots = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task checking;

    public ConnectionSet(BrokerContext context)
    {
        this.context = context;
        limits = new ConnectionLimits(context.Options.MaxConnections, context.Options.MaxConnectionsPerAddress);
        checking = CheckAsync();
    }

    /// <summary>Begins to serve a connection; false when there are too many.</summary>
    /// <param name="accepted">The connection.</param>
    /// <param name="serve">Serves it to its end; never throws. It names the connection in the slot as soon as there is one, and gives up
    /// opening it when cancelled.</param>
    public bool TryServe(Socket accepted, Func<ConnectionSlot, CancellationToken, Task> serve)
    {
        var slot = new ConnectionSlot(accepted);
        if (!limits.TryEnter(slot, out var evicted))
            return false;
        if (evicted is not null)
        {
            evicted.Evict();
            context.Refuse(RefusalReason.Connections, null, logger => Log.MadeRoom(logger, evicted.Address, context.Options.MaxConnections));
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slots[slot] = ended.Task;
        var stop = stopping.Token;
        _ = Task.Run(async () =>
        {
            context.Counters.AddConnected(1);
            context.Counters.CountAccepted();
            try
            {
                await serve(slot, stop).ConfigureAwait(false);
            }
            finally
            {
                context.Counters.AddConnected(-1);
                limits.Leave(slot);
                slots.TryRemove(slot, out _);
                ended.TrySetResult();
            }
        });
        return true;
    }

    /// <summary>Says that the client in a slot was accepted.</summary>
    public void Accept(ConnectionSlot slot) => limits.Accept(slot);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await checking.ConfigureAwait(false);
        foreach (var slot in slots.Keys)
            slot.Connection?.Disconnect(MqttReasonCode.ServerShuttingDown);
        await Task.WhenAny(Task.WhenAll(slots.Values), Task.Delay(StopTimeout, context.Time)).ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task CheckAsync()
    {
        using var timer = new PeriodicTimer(CheckInterval, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false))
            {
                foreach (var (slot, _) in slots)
                    slot.Connection?.CheckAlive();
                context.Attend();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}

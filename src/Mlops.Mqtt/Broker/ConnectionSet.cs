using System.Collections.Concurrent;

namespace Mlops.Mqtt.Broker;

/// <summary>The connections of a broker on all its listeners, from accept to end: bounds, watches and ends them.</summary>
internal sealed class ConnectionSet : IAsyncDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly BrokerContext context;
    private readonly ConcurrentDictionary<Slot, Task> slots = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task checking;
    private int count;

    public ConnectionSet(BrokerContext context)
    {
        this.context = context;
        checking = CheckAsync();
    }

    /// <summary>Begins to serve a connection; false when there are too many.</summary>
    /// <param name="serve">Serves it to its end; never throws. It names the connection in the slot as soon as there is one, and gives up
    /// opening it when cancelled.</param>
    public bool TryServe(Func<Slot, CancellationToken, Task> serve)
    {
        if (Interlocked.Increment(ref count) > context.Options.MaxConnections)
        {
            Interlocked.Decrement(ref count);
            return false;
        }

        var slot = new Slot();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slots[slot] = ended.Task;
        var stop = stopping.Token;
        _ = Task.Run(async () =>
        {
            context.Counters.AddConnected(1);
            try
            {
                await serve(slot, stop).ConfigureAwait(false);
            }
            finally
            {
                context.Counters.AddConnected(-1);
                Interlocked.Decrement(ref count);
                slots.TryRemove(slot, out _);
                ended.TrySetResult();
            }
        });
        return true;
    }

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
                context.RemoveExpired();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>The place of one connection.</summary>
    internal sealed class Slot
    {
        private BrokerConnection? connection;

        /// <summary>The connection, or null while TLS or a WebSocket is being opened.</summary>
        public BrokerConnection? Connection
        {
            get => Volatile.Read(ref connection);
            set => Volatile.Write(ref connection, value);
        }
    }
}

using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Client.Offline;

/// <summary>Keeps messages in their order until the broker has them: bounded, in memory or in a file.</summary>
/// <remarks>
/// A message arrives (its publisher waits), is kept (durable; its publisher goes on), is taken into flight, and is settled. One
/// loop commits to the file; whatever arrives, is settled or dropped meanwhile shares the next commit. Of those kept in a file only
/// position and size stay in memory.
/// </remarks>
internal sealed class OfflineOutbox : IAsyncDisposable
{
    private const int MostInFlight = 1024;
    private const int MostTaken = 128;
    private const int MostBytesTaken = 4 * 1024 * 1024;
    private const int MostInCommit = 4096;
    private const long Nothing = -1;

    private readonly Lock gate = new();
    private readonly MqttOutboxOptions options;
    private readonly TimeProvider time;
    private readonly MqttClientCounters counters;
    private readonly ILogger logger;
    private readonly string clientId;
    private readonly OutboxFile? file;
    private readonly AsyncSignal work = new();
    private readonly Task committing;

    private readonly Queue<Waiter> waiting = new();
    private readonly Queue<Arrival> arriving = new();
    private readonly Queue<Place> inFlight = new();
    private readonly List<long> dropped = [];
    private Queue<Place> kept = new();
    private long lastPosition;
    private long settledTo;
    private bool anyFreed;
    private int count;
    private long bytes;
    private bool closed;
    private bool isFailing;

    /// <exception cref="IOException">The file cannot be used.</exception>
    public OfflineOutbox(MqttOutboxOptions options, string clientId, TimeProvider time, MqttClientCounters counters, ILogger logger)
    {
        (this.options, this.clientId, this.time, this.counters, this.logger) = (options, clientId, time, counters, logger);
        if (options.File is not null)
            Load(file = new OutboxFile(options.File));
        committing = Task.Run(CommitAsync);
    }

    /// <summary>How many may be in flight at once.</summary>
    public int Window => Math.Clamp(options.MaxMessages / 2, 1, MostInFlight);

    /// <summary>Set whenever there is more to take.</summary>
    public AsyncSignal Filled { get; } = new();

    /// <summary>What is kept or arriving, those in flight included.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return count;
        }
    }

    /// <summary>What is kept or arriving, those in flight included, and its bytes.</summary>
    public (int Count, long Bytes) Size
    {
        get
        {
            lock (gate)
                return (count, bytes);
        }
    }

    /// <summary>Keeps a message; the order of the calls is the order of the messages. Complete when it is kept, or given up by the policy.</summary>
    /// <exception cref="MqttException">There is no room and the policy refuses, or the outbox is closed.</exception>
    /// <exception cref="IOException">The file cannot be written; the message is not kept.</exception>
    public async Task AddAsync(BlockedPublish publish, CancellationToken cancel)
    {
        if (Enter(publish) is not { } done)
            return;
        await using (cancel.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), done).ConfigureAwait(false))
            await done.Task.ConfigureAwait(false);
    }

    /// <summary>Takes the next messages into flight; none when there are none. For one caller.</summary>
    /// <exception cref="IOException">The file cannot be read; nothing is taken.</exception>
    public IReadOnlyList<KeptPublish> Take()
    {
        List<Place> next = [];
        lock (gate)
        {
            int size = 0;
            foreach (var place in kept)
            {
                if (next.Count == MostTaken || (next.Count > 0 && size + place.Length > MostBytesTaken))
                    break;
                next.Add(place);
                size += place.Length;
            }
        }

        if (next.Count == 0)
            return [];
        var messages = file?.Read(next[0].Position, next[^1].Position) ?? [.. next.Select(place => place.Content!)];
        long first = long.MaxValue;
        lock (gate)
        {
            // Some may have been dropped meanwhile, the oldest ones.
            while (kept.TryPeek(out var place) && place.Position <= next[^1].Position)
            {
                first = Math.Min(first, place.Position);
                inFlight.Enqueue(kept.Dequeue());
            }
        }

        return [.. messages.Where(message => message.Position >= first)];
    }

    /// <summary>Forgets a message and those before it: the broker has them, or will never take them.</summary>
    public void Settle(long position)
    {
        lock (gate)
        {
            while (inFlight.TryPeek(out var first) && first.Position <= position)
                Free(inFlight.Dequeue().Length);
            settledTo = Math.Max(settledTo, position);
            anyFreed = true;
            AdmitWaiting();
        }

        work.Set();
    }

    /// <summary>Puts back what was taken and not settled, so that it is taken again, in its order.</summary>
    public void PutBack()
    {
        lock (gate)
        {
            if (inFlight.Count == 0)
                return;
            kept = new Queue<Place>(inFlight.Concat(kept));
            inFlight.Clear();
        }
    }

    /// <summary>Waits for the last commit and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        Waiter[] left;
        lock (gate)
        {
            closed = true;
            left = [.. waiting];
            waiting.Clear();
        }

        foreach (var waiter in left)
            waiter.Done.TrySetException(Closed());
        work.Set();
        await committing.ConfigureAwait(false);
        file?.Dispose();
    }

    private TaskCompletionSource? Enter(in BlockedPublish publish)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed)
                throw Closed();
            bool fits = waiting.Count == 0 && HasRoom(publish.Length);
            if (!fits && options.WhenFull == MqttOutboxFullPolicy.DropOldest)
                fits = DropFor(publish.Length);
            if (fits)
            {
                Arrive(publish, done);
            }
            else if (options.WhenFull == MqttOutboxFullPolicy.Wait)
            {
                waiting.Enqueue(new Waiter(publish, done));
                return done;
            }
            else if (options.WhenFull == MqttOutboxFullPolicy.Refuse)
            {
                throw new MqttException(
                    MqttReasonCode.QuotaExceeded,
                    $"The outbox of MQTT client '{clientId}' is full ({count} messages, {bytes} bytes), so the message for '{publish.Topic}' was refused. Publish it later, or raise Outbox.MaxMessages or MaxBytes.");
            }
            else
            {
                counters.Dropped.Count(DropReason.QueueFull);
                return null;
            }
        }

        work.Set();
        return done;
    }

    private bool HasRoom(int length) => count < options.MaxMessages && (count == 0 || bytes + length <= options.MaxBytes);

    private bool DropFor(int length)
    {
        while (!HasRoom(length))
        {
            if (!kept.TryDequeue(out var oldest))
                return false;
            if (file is not null)
                dropped.Add(oldest.Position);
            Free(oldest.Length);
            counters.Dropped.Count(DropReason.QueueFull);
        }

        return true;
    }

    private void Arrive(in BlockedPublish publish, TaskCompletionSource done)
    {
        arriving.Enqueue(new Arrival(KeptPublish.Of(++lastPosition, publish, time), publish.Length, done));
        count++;
        bytes += publish.Length;
    }

    private void Free(int length)
    {
        count--;
        bytes -= length;
    }

    private void AdmitWaiting()
    {
        while (waiting.TryPeek(out var next) && (next.Done.Task.IsCompleted || HasRoom(next.Publish.Length)))
        {
            waiting.Dequeue();
            // One that has been cancelled may have changed its payload.
            if (!next.Done.Task.IsCompleted)
                Arrive(next.Publish, next.Done);
        }
    }

    private void Load(OutboxFile from)
    {
        foreach (var (position, length) in from.List())
        {
            kept.Enqueue(new Place(position, length, null));
            lastPosition = position;
            count++;
            bytes += length;
        }
    }

    private async Task CommitAsync()
    {
        List<Arrival> added = [];
        while (true)
        {
            long settled;
            long[] gone;
            lock (gate)
            {
                added.Clear();
                while (added.Count < MostInCommit && arriving.TryDequeue(out var arrival))
                    added.Add(arrival);
                settled = added.Count > 0 || anyFreed ? settledTo : Nothing;
                if (settled == Nothing && closed)
                    return;
                gone = settled == Nothing ? [] : [.. dropped];
                if (settled != Nothing)
                    dropped.Clear();
                anyFreed = false;
            }

            if (settled == Nothing)
            {
                await work.WaitAsync().ConfigureAwait(false);
                continue;
            }

            Commit(added, settled, gone);
        }
    }

    private void Commit(List<Arrival> added, long settled, long[] gone)
    {
        try
        {
            file?.Commit([.. added.Select(arrival => arrival.Message)], settled, gone);
        }
        catch (IOException error)
        {
            Refuse(added, gone, error);
            return;
        }

        isFailing = false;

        lock (gate)
        {
            foreach (var arrival in added)
                kept.Enqueue(new Place(arrival.Message.Position, arrival.Length, file is null ? arrival.Message : null));
        }

        foreach (var arrival in added)
            arrival.Done.TrySetResult();
        if (added.Count > 0)
            Filled.Set();
    }

    /// <summary>What has arrived is not kept; what was settled or dropped waits for the next commit.</summary>
    private void Refuse(List<Arrival> added, long[] gone, IOException error)
    {
        if (!isFailing)
            Log.OutboxFailed(logger, error, clientId);
        isFailing = true;
        lock (gate)
        {
            dropped.AddRange(gone);
            foreach (var arrival in added)
                Free(arrival.Length);
            AdmitWaiting();
        }

        foreach (var arrival in added)
            arrival.Done.TrySetException(error);
    }

    private MqttException Closed() => new(
        MqttReasonCode.ServerUnavailable, $"MQTT client '{clientId}' has been disposed, so its outbox takes no more messages.");

    private sealed record Waiter(BlockedPublish Publish, TaskCompletionSource Done);

    private readonly record struct Arrival(KeptPublish Message, int Length, TaskCompletionSource Done);

    /// <param name="Position">Of the message.</param>
    /// <param name="Length">In bytes.</param>
    /// <param name="Content">The message itself where no file has it.</param>
    private readonly record struct Place(long Position, int Length, KeptPublish? Content);
}

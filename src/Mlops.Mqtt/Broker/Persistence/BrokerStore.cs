using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>Keeps sessions and retained messages on the disk: changes are noted in memory and committed in groups by one thread.</summary>
/// <remarks>
/// Whoever answers a client waits for the commit of what it has noted: CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK. What belongs together
/// is noted within a unit, which no commit divides. When a commit fails, its changes stay and are tried again; meanwhile
/// <see cref="IsFailing"/> says that nothing new should be taken on. Locks: units, then those of sessions, then the one of the notes.
/// </remarks>
internal sealed class BrokerStore : IMessageStore, IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(0.5);

    private readonly Lock gate = new();
    private readonly ReaderWriterLockSlim units = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly ManualResetEvent stop = new(false);
    private readonly BrokerDatabase database;
    private readonly ILogger logger;
    private readonly Thread writer;
    private ChangeBatch noted = new();
    private ChangeBatch writing = new();
    private long end;
    private long committed;
    private long lastMessage;
    private long lastSession;
    private bool isFailing;
    private bool closing;

    /// <exception cref="IOException">The folder cannot be used; the message names it.</exception>
    public BrokerStore(string folder, long? maxBytes, WallClock clock, ILogger logger)
    {
        this.logger = logger;
        database = BrokerDatabase.Open(folder, maxBytes, clock, logger);
        writer = new Thread(Write) { Name = "MQTT broker store", IsBackground = true };
    }

    /// <summary>Whether the last commit failed, so that nothing new can be kept.</summary>
    public bool IsFailing => Volatile.Read(ref isFailing);

    /// <summary>Reads what was kept, and begins to write. Messages that nothing refers to are forgotten once the caller has released them.</summary>
    public StoredState Load()
    {
        var state = database.Load();
        foreach (var (id, message) in state.Messages)
        {
            message.KeptBy(this, id);
            lastMessage = Math.Max(lastMessage, id);
        }

        lastSession = state.Sessions.Select(session => session.Id).DefaultIfEmpty().Max();
        writer.Start();
        return state;
    }

    public SessionJournal AddSession() => new(this, Interlocked.Increment(ref lastSession));

    /// <summary>Begins changes that no commit may divide, on this thread.</summary>
    public void EnterUnit() => units.EnterReadLock();

    public void LeaveUnit() => units.ExitReadLock();

    /// <summary>Notes a change and gives its place.</summary>
    /// <param name="change">The change.</param>
    /// <param name="signalled">The session that has something to send after the commit, or null.</param>
    public long Append(in Change change, BrokerSession? signalled = null)
    {
        lock (gate)
        {
            if (signalled is not null)
                noted.Signalled.Add(signalled);
            return Note(change);
        }
    }

    /// <summary>Notes a delivery, and its message when it is the first one of it.</summary>
    public long Append(long session, in Delivery delivery, BrokerSession? signalled)
    {
        lock (gate)
        {
            long message = Keep(delivery.Message!);
            if (signalled is not null && PublishFlags.QualityOfService(delivery.Flags) == MqttQualityOfService.ExactlyOnce)
                noted.Signalled.Add(signalled);
            return Note(new Change(
                ChangeKind.AddDelivery, session, delivery.Sequence, delivery.SubscriptionIds, (delivery.Group as ShareGroup)?.Filter, message, delivery.Flags, delivery.Published));
        }
    }

    public void Retain(SharedMessage message)
    {
        lock (gate)
            Note(new Change(ChangeKind.PutRetained, Text: message.Topic, Message: Keep(message)));
    }

    public void RemoveRetained(string topic) => Append(new Change(ChangeKind.RemoveRetained, Text: topic));

    public void Forget(long id) => Append(new Change(ChangeKind.RemoveMessage, Key: id));

    public bool IsCommitted(long place) => Volatile.Read(ref committed) >= place;

    /// <summary>Runs something as soon as all that has been noted so far is committed.</summary>
    public void AfterCommit(in CommitWaiter waiter)
    {
        lock (gate)
        {
            if (closing)
            {
                waiter.Attempt?.TrySetResult(false);
                waiter.Completion?.TrySetException(new ObjectDisposedException(nameof(MqttBroker)));
                return;
            }

            noted.Waiters.Add(waiter);
        }

        wake.Set();
    }

    /// <summary>Completes as soon as all that has been noted so far is committed.</summary>
    public Task WhenCommittedAsync()
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AfterCommit(new CommitWaiter { Completion = completion });
        return completion.Task;
    }

    /// <summary>Completes with true as soon as all that has been noted so far is committed, and with false when the disk takes nothing.</summary>
    public Task<bool> TryCommitAsync()
    {
        if (IsFailing)
            return Task.FromResult(false);
        var attempt = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        AfterCommit(new CommitWaiter { Attempt = attempt });
        return attempt.Task;
    }

    public void Dispose()
    {
        lock (gate)
            closing = true;
        stop.Set();
        writer.Join();
        database.Dispose();
        stop.Dispose();
        wake.Dispose();
        units.Dispose();
    }

    private long Keep(SharedMessage message)
    {
        if (message.StoreId == 0)
        {
            message.KeptBy(this, ++lastMessage);
            message.AddReference();
            Note(new Change(ChangeKind.AddMessage, Key: message.StoreId, Detail: message));
        }

        return message.StoreId;
    }

    private long Note(in Change change)
    {
        if (closing)
            return end;
        if (noted.Changes.Count == 0)
            wake.Set();
        noted.Changes.Add(change);
        return noted.End = ++end;
    }

    private void Write()
    {
        WaitHandle[] either = [stop, wake];
        bool last = false;
        while (!last)
        {
            // After a failure what comes meanwhile must not make it try all the time.
            last = IsFailing ? stop.WaitOne(RetryInterval) : WaitHandle.WaitAny(either) == 0;
            Cut();
            if (!writing.IsEmpty)
                Commit();
        }
    }

    /// <summary>Takes what has been noted, between two units, behind what a failed commit has left.</summary>
    private void Cut()
    {
        units.EnterWriteLock();
        try
        {
            lock (gate)
            {
                if (writing.IsEmpty)
                {
                    (writing, noted) = (noted, writing);
                    writing.End = end;
                }
                else if (!noted.IsEmpty)
                {
                    writing.Append(noted);
                }
            }
        }
        finally
        {
            units.ExitWriteLock();
        }
    }

    private void Commit()
    {
        try
        {
            if (writing.Changes.Count > 0)
                database.Write(writing.Changes, removeFirst: IsFailing);
        }
        catch (Exception error)
        {
            if (!IsFailing)
                Log.NotStored(logger, database.File, error.Message);
            Volatile.Write(ref isFailing, true);
            writing.GiveUpAttempts();
            return;
        }

        if (IsFailing)
        {
            Volatile.Write(ref isFailing, false);
            Log.StoredAgain(logger, database.File);
        }

        Volatile.Write(ref committed, writing.End);
        writing.Complete();
    }
}

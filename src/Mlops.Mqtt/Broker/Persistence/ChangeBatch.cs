using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>Changes that are committed together, and what waits for that. Holds a reference to each message that it adds.</summary>
internal sealed class ChangeBatch
{
    public List<Change> Changes { get; } = [];

    public List<CommitWaiter> Waiters { get; } = [];

    /// <summary>Sessions with a message that may be sent after the commit.</summary>
    public HashSet<BrokerSession> Signalled { get; } = [];

    /// <summary>The place of the last change.</summary>
    public long End { get; set; }

    public bool IsEmpty => Changes.Count == 0 && Waiters.Count == 0;

    /// <summary>Takes over what a later batch holds.</summary>
    public void Append(ChangeBatch later)
    {
        Changes.AddRange(later.Changes);
        Waiters.AddRange(later.Waiters);
        Signalled.UnionWith(later.Signalled);
        End = later.End;
        later.Clear();
    }

    /// <summary>Tells those that do not wait for another try that the commit has failed.</summary>
    public void GiveUpAttempts() => Waiters.RemoveAll(waiter => waiter.Attempt?.TrySetResult(false) == true);

    public void Complete()
    {
        foreach (var waiter in Waiters)
            waiter.Run();
        foreach (var session in Signalled)
            session.Connection?.Signal();
        foreach (var change in Changes)
        {
            if (change.Kind == ChangeKind.AddMessage)
                ((SharedMessage)change.Detail!).Release();
        }

        Clear();
    }

    private void Clear()
    {
        Changes.Clear();
        Waiters.Clear();
        Signalled.Clear();
    }
}

using Mlops.Data;

namespace Mlops.Store.Tail;

/// <summary>
/// The live tail of one feed. One lock orders publishing, committing and attaching, which is what makes the hand-over between store
/// and memory exact: a batch is either durable when a follower attaches, or in the follower's queue.
/// </summary>
internal sealed class TailFeed(string id)
{
    private readonly Lock _lock = new();
    private readonly Queue<RecordBatch> _uncommitted = new();
    private readonly List<TailFollower> _followers = [];
    private readonly List<(long Position, TaskCompletionSource Done)> _waiting = [];
    private long _announced;
    private long _published;
    private long _committed;

    public string Id => id;

    public long Head
    {
        get
        {
            lock (_lock)
                return Math.Max(_announced, _published);
        }
    }

    public void Announce(long position)
    {
        lock (_lock)
            _announced = Math.Max(_announced, position);
    }

    public void Publish(RecordBatch batch)
    {
        lock (_lock)
        {
            _published = Math.Max(_published, batch.Positions[^1]);
            _uncommitted.Enqueue(batch.Retain());
            foreach (TailFollower follower in _followers)
                follower.Offer(batch);
        }
    }

    public void Committed(long lastPosition)
    {
        lock (_lock)
        {
            _committed = Math.Max(_committed, lastPosition);
            while (_uncommitted.TryPeek(out RecordBatch? batch) && batch.Positions[^1] <= lastPosition)
                _uncommitted.Dequeue().Dispose();
            if (lastPosition > _published)
            {
                // Records that were committed without being published: followers find them in the store.
                _published = lastPosition;
                foreach (TailFollower follower in _followers)
                    follower.SendToStore();
            }

            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Position > lastPosition)
                    continue;
                _waiting[i].Done.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }
    }

    public (TailFollower Follower, long Committed) Attach(long after)
    {
        lock (_lock)
        {
            var follower = new TailFollower(this);
            foreach (RecordBatch batch in _uncommitted)
            {
                if (batch.Positions[^1] > after)
                    follower.Take(batch);
            }

            _followers.Add(follower);
            return (follower, _committed);
        }
    }

    public void Detach(TailFollower follower)
    {
        lock (_lock)
            _followers.Remove(follower);
    }

    public async Task WaitCommittedAsync(long position, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_committed >= position)
                return;
            _waiting.Add((position, done));
        }

        try
        {
            await done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (_lock)
                _waiting.RemoveAll(w => w.Done == done);
            throw;
        }
    }
}

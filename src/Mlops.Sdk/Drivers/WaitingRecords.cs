namespace Mlops.Drivers;

/// <summary>
/// Bounds how many records of one asset wait until they are durable. Whoever comes when it is full waits in line; a batch larger than
/// the bound passes alone. Thread-safe.
/// </summary>
internal sealed class WaitingRecords(int limit)
{
    private const int MaxCalls = 1024;
    private readonly Lock _lock = new();
    private readonly LinkedList<(int Records, TaskCompletionSource Turn)> _line = new();
    private long _inside;

    /// <summary>Gets how many records are on their way.</summary>
    public long Inside
    {
        get
        {
            lock (_lock)
                return _inside;
        }
    }

    /// <summary>Waits until there is room. Each call that completes is followed by <see cref="Leave"/>.</summary>
    /// <returns>Whether it had to wait.</returns>
    /// <exception cref="InvalidOperationException">So many calls wait already that the caller cannot be awaiting them.</exception>
    public ValueTask<bool> EnterAsync(int records, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_line.Count == 0 && HasRoom(records))
            {
                _inside += records;
                return new ValueTask<bool>(false);
            }

            if (_line.Count >= MaxCalls)
                throw new InvalidOperationException($"{MaxCalls} writes wait to be kept already. Await each WriteAsync before the next, or drop records and say so.");
            var place = new LinkedListNode<(int, TaskCompletionSource)>((records, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
            _line.AddLast(place);
            return WaitAsync(place, cancellationToken);
        }
    }

    public void Leave(int records)
    {
        lock (_lock)
        {
            _inside -= records;
            Admit();
        }
    }

    private async ValueTask<bool> WaitAsync(LinkedListNode<(int Records, TaskCompletionSource Turn)> place, CancellationToken cancellationToken)
    {
        try
        {
            await place.Value.Turn.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                // Admitted at the same moment: what was taken is given back.
                if (place.List is null)
                    _inside -= place.Value.Records;
                else
                    _line.Remove(place);
                Admit();
            }

            throw;
        }
    }

    private bool HasRoom(int records) => _inside == 0 || _inside + records <= limit;

    private void Admit()
    {
        while (_line.First is { } first && HasRoom(first.Value.Records))
        {
            _line.RemoveFirst();
            _inside += first.Value.Records;
            first.Value.Turn.SetResult();
        }
    }
}

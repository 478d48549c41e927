namespace Mlops.Drivers.MqttDecoder;

/// <summary>Wakes one waiter; setting it several times before is like setting it once.</summary>
internal sealed class AsyncFlag
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _set = New();

    public void Set()
    {
        lock (_lock)
            _set.TrySetResult();
    }

    /// <summary>Waits until it is set, or for a time; it is cleared then.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken stop)
    {
        Task set;
        lock (_lock)
            set = _set.Task;
        using (var enough = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            await Task.WhenAny(set, Task.Delay(timeout, time, enough.Token)).ConfigureAwait(false);
            await enough.CancelAsync().ConfigureAwait(false);
        }

        stop.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_set.Task.IsCompleted)
                _set = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

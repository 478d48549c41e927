using Mlops.Data;

namespace Mlops.Drivers;

/// <summary>Runs a driver apart from all others, until it reaches its asset or says why not. What it reads is counted and dropped.</summary>
internal sealed class ConnectionTrial(string asset, IHighLevelDriverFactory factory, object settings, DriversOptions options, TimeProvider time) : IRecordSink
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IReadOnlyList<FeedField>> _feeds = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string?> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _last;
    private long _records;

    public async Task<ConnectionTest> RunAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        var stop = new CancellationTokenSource();
        Task run = Task.Run(() => DriveAsync(stop.Token), CancellationToken.None);
        try
        {
            await Task.WhenAny(_verdict.Task, Task.Delay(options.TestTimeout, time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan took = time.GetElapsedTime(started);
            _verdict.TrySetResult($"The asset was not reached within {options.TestTimeout.TotalSeconds:0.#} s{(_last is null ? "" : ": " + _last.TrimEnd('.'))}. Check that it is switched on and that the settings lead to it.");
            string? reason = await _verdict.Task.ConfigureAwait(false);
            lock (_lock)
                return new ConnectionTest(reason is null, reason, took, new Dictionary<string, IReadOnlyList<FeedField>>(_feeds), Interlocked.Read(ref _records));
        }
        finally
        {
            // It ends by itself; who hangs here is not waited for longer than any driver.
            _ = stop.CancelAsync().ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
            await Task.WhenAny(run, Task.Delay(options.StopTimeout, time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    public ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default)
    {
        var origin = new FeedOrigin(factory.Kind, asset, group);
        string feed = FeedId.From(origin);
        lock (_lock)
        {
            List<FeedField> all = [.. _feeds.GetValueOrDefault(feed, []).Where(f => fields.All(n => n.Name != f.Name)), .. fields];
            _feeds[feed] = all;
            return new ValueTask<FeedSchema>(new FeedSchema(feed, all, 1, origin));
        }
    }

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        Interlocked.Add(ref _records, batch.Count);
        _verdict.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    public void Report(DriverState state, string? reason = null)
    {
        _last = reason ?? _last;
        if (state is DriverState.Connected or DriverState.Degraded)
            _verdict.TrySetResult(null);
        else if (state == DriverState.Faulted)
            _verdict.TrySetResult(reason ?? "The driver does not say why.");
    }

    public ValueTask<IReadOnlyDictionary<string, string>> RecallAsync(CancellationToken cancellationToken = default) => new(new Dictionary<string, string>());

    public ValueTask RememberAsync(string key, string? value, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    private async Task DriveAsync(CancellationToken stop)
    {
        try
        {
            IHighLevelDriver driver = factory.Create(asset, settings);
            await using (driver.ConfigureAwait(false))
                await driver.RunAsync(this, stop).ConfigureAwait(false);
            _verdict.TrySetResult("The driver ended without reaching the asset.");
        }
        catch (Exception e)
        {
            _verdict.TrySetResult(e.Message);
        }
    }
}

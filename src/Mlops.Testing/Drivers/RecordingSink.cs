using Mlops.Data;
using Mlops.Drivers;

namespace Mlops.Testing.Drivers;

/// <summary>
/// A sink for tests of drivers: keeps what a driver declares, reports and remembers, counts its records, and notes each rule that it
/// breaks. Thread-safe.
/// </summary>
public sealed class RecordingSink : IRecordSink
{
    private readonly Lock _lock = new();
    private readonly string _kind;
    private readonly string _asset;
    private readonly Dictionary<string, FeedSchema> _feeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _memory = new(StringComparer.Ordinal);
    private readonly List<(DriverState State, string? Reason)> _states = [];
    private readonly List<string> _violations = [];
    private TaskCompletionSource _gate = Open();
    private bool _ended;
    private long _records;
    private int _writing;
    private int _mostWriting;

    /// <summary>Creates the sink of one run.</summary>
    /// <param name="kind">Kind of the driver.</param>
    /// <param name="asset">Id of the asset.</param>
    public RecordingSink(string kind, string asset) => (_kind, _asset) = (kind, asset);

    /// <summary>Gets the feeds declared so far, by id.</summary>
    public IReadOnlyDictionary<string, FeedSchema> Feeds => Locked(() => new Dictionary<string, FeedSchema>(_feeds));

    /// <summary>Gets the states reported so far, in order.</summary>
    public IReadOnlyList<(DriverState State, string? Reason)> States => Locked(() => _states.ToList());

    /// <summary>Gets the number of records whose write has completed.</summary>
    public long Records => Locked(() => _records);

    /// <summary>Gets how many writes wait now.</summary>
    public int Writing => Locked(() => _writing);

    /// <summary>Gets the largest number of writes that ever waited at the same time.</summary>
    public int MostWriting => Locked(() => _mostWriting);

    /// <summary>Gets the rules that were broken, each with what was done.</summary>
    public IReadOnlyList<string> Violations => Locked(() => _violations.ToList());

    /// <summary>Lets writes wait from now on, as a store does that cannot keep up.</summary>
    public void Hold() => Locked(() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Lets the writes go on.</summary>
    public void Release() => Locked(() => _gate).TrySetResult();

    /// <summary>Says that the run has ended: whatever comes now breaks a rule.</summary>
    public void End() => Locked(() => _ended = true);

    /// <inheritdoc/>
    public ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentNullException.ThrowIfNull(fields);
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<FeedSchema>(Locked(() =>
        {
            NoteIfEnded("declares a feed");
            var origin = new FeedOrigin(_kind, _asset, group);
            string feed = FeedId.From(origin);
            FeedSchema? known = _feeds.GetValueOrDefault(feed);
            List<FeedField> all = [.. (known?.Fields ?? []).Select(f => fields.FirstOrDefault(n => n.Name == f.Name) ?? f)];
            all.AddRange(fields.Where(f => all.All(k => k.Name != f.Name)));
            return _feeds[feed] = new FeedSchema(feed, all, known?.Version ?? 1, origin);
        }));
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Task gate = Locked(() =>
        {
            NoteIfEnded("writes records");
            if (!_feeds.ContainsKey(batch.Schema.Feed))
                _violations.Add($"It writes to '{batch.Schema.Feed}', which it has not declared. Declare a feed before its first record.");
            _mostWriting = Math.Max(_mostWriting, ++_writing);
            return _gate.Task;
        });
        int records = batch.Count;
        try
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            Locked(() => _records += records);
        }
        finally
        {
            Locked(() => _writing--);
        }
    }

    /// <inheritdoc/>
    public void Report(DriverState state, string? reason = null) => Locked(() =>
    {
        NoteIfEnded($"reports {state}");
        if (state is DriverState.Faulted or DriverState.Degraded && string.IsNullOrWhiteSpace(reason))
            _violations.Add($"It reports {state} without a reason. Say why, and what helps.");
        _states.Add((state, reason));
        return 0;
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, string>> RecallAsync(CancellationToken cancellationToken = default) =>
        new(Locked(() => new Dictionary<string, string>(_memory)));

    /// <inheritdoc/>
    public ValueTask RememberAsync(string key, string? value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Locked(() => value is null ? _memory.Remove(key) : (_memory[key] = value) is not null);
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }

    private void NoteIfEnded(string what)
    {
        if (_ended)
            _violations.Add($"It {what} after its RunAsync has ended. Let everything that it has started end first.");
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
            return action();
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Ingest.Assembly;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Ingest;

/// <summary>The one way in: for messages of the bus, for drivers and for code in this process.</summary>
/// <remarks>
/// <para>Whoever has records parses them straight into the open batch of their feed, holding <see cref="Gate"/> for that moment, and
/// says what to acknowledge. The pump takes what has gathered, gives it positions, passes it to the live tail, and adds it to the
/// open group. The committer makes one group after the other durable and acknowledges it, while the next one fills.</para>
/// <para>Order: positions of a feed rise in the order of acceptance, because rows only enter under the gate and one pump leaves.
/// A message is acknowledged with its rows or later, because both are taken in the same moment.</para>
/// <para>Bound: above <see cref="IngestOptions.MaxPendingRecords"/> or <see cref="IngestOptions.MaxPendingBytes"/> between gate
/// and commit, <see cref="RoomAsync"/> is incomplete, which holds the connections back.</para>
/// </remarks>
internal sealed class IngestPipeline : IDisposable
{
    private const int MaxWarnedTopics = 1_000;
    private static readonly TimeSpan DeclareRetry = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, FeedInlet> _inlets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rejectedTopics = new(StringComparer.Ordinal);
    private readonly IFeedStore _store;
    private readonly IngestOptions _options;
    private readonly IngestInstruments _instruments;
    private readonly DeadLetterTally _letters;
    private readonly IngestPump _pump;
    private readonly TimeProvider _time;
    private readonly ILogger<IngestPipeline> _logger;
    private readonly IngestInput _input = new();
    private readonly Dictionary<FeedInlet, ITimer> _cycles = [];
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource? _room;
    private int _pendingRecords;
    private long _pendingBytes;

    public IngestPipeline(
        IFeedStore store,
        ILiveTail tail,
        DeadLetterFiles letters,
        IOptions<IngestOptions> options,
        IngestInstruments instruments,
        DeadLetterTally tally,
        TimeProvider time,
        ILogger<IngestPipeline> logger)
    {
        _store = store;
        _options = options.Value;
        _instruments = instruments;
        _letters = tally;
        _time = time;
        _logger = logger;
        var committer = new GroupCommitter(store, letters, instruments, time, logger);
        _pump = new IngestPump(Gate, _input, store, tail, committer, _options, GroupEnded, logger);
        instruments.Observe(() => (Volatile.Read(ref _pendingRecords), Volatile.Read(ref _pendingBytes)));
    }

    /// <summary>Gets what must be held to touch an inlet or to accept anything. Held briefly: no waiting, no input or output inside.</summary>
    public object Gate { get; } = new();

    /// <summary>Gets the time now, nanoseconds since 1970 UTC, for records that are being accepted.</summary>
    public long Now => EpochTime.FromDateTimeOffset(_time.GetUtcNow());

    /// <summary>Gets a value indicating whether nothing more is taken. A message that comes now must not be acknowledged, so that it comes again. Under the gate.</summary>
    public bool IsStopped => _pump.IsStopped;

    public void Dispose()
    {
        _stopping.Cancel();
        EndCycles();
        _pump.Dispose();
    }

    public void Start() => _pump.Start();

    /// <summary>Takes nothing more, commits what was accepted, and ends. When the token fires first, what is not durable stays unacknowledged.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        EndCycles();
        await _pump.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Declares a feed and returns its inlet, which from now on has the declared fields.</summary>
    public async ValueTask<FeedInlet> OpenAsync(FeedDeclaration declaration, CancellationToken cancellationToken = default)
    {
        FeedSchema declared = await _store.DeclareAsync(declaration, cancellationToken).ConfigureAwait(false);

        // Two declarations of a feed may return in the other order than they were made; what the store has now is the newest.
        FeedSchema schema = _store.Find(declared.Feed) ?? declared;
        lock (Gate)
        {
            if (!_inlets.TryGetValue(schema.Feed, out FeedInlet? inlet))
            {
                inlet = new FeedInlet(schema, _options.DuplicateWindow);
                _inlets.Add(schema.Feed, inlet);
                Assemble(inlet);
            }
            else if (!ReferenceEquals(inlet.Schema, schema))
            {
                _input.Seal(inlet);
                inlet.Adopt(schema);
            }

            return inlet;
        }
    }

    /// <summary>Does the same for a message, patiently.</summary>
    /// <exception cref="OperationCanceledException">Ingest stops; the message must not be acknowledged.</exception>
    public ValueTask<FeedInlet> OpenPatientlyAsync(FeedDeclaration declaration) => PatientlyAsync(stop => OpenAsync(declaration, stop));

    /// <summary>Does what a message needs: while the disk refuses it is tried again, so that the sender waits instead of losing data.</summary>
    /// <exception cref="OperationCanceledException">Ingest stops; the message must not be acknowledged.</exception>
    public async ValueTask<T> PatientlyAsync<T>(Func<CancellationToken, ValueTask<T>> work)
    {
        while (true)
        {
            try
            {
                return await work(_stopping.Token).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                if (_instruments.Refused(e.Message, _time.GetUtcNow()))
                    Log.StoreRefuses(_logger, DeclareRetry, e);
                await Task.Delay(DeclareRetry, _time, _stopping.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns the inlet of a feed that was opened.</summary>
    public FeedInlet? Find(string feed)
    {
        lock (Gate)
            return _inlets.GetValueOrDefault(feed);
    }

    /// <summary>Returns what the store knows of a feed.</summary>
    public FeedSchema? FindStored(string feed) => _store.Find(feed);

    /// <summary>Gets how rows are assembled.</summary>
    public AssemblyRules Assemblies { get; private set; } = AssemblyRules.None;

    /// <summary>Puts in effect how rows are assembled, from the next message on.</summary>
    public void Assemble(AssemblyRules rules)
    {
        lock (Gate)
        {
            Assemblies = rules;
            foreach (FeedInlet inlet in _inlets.Values)
                Assemble(inlet);
        }
    }

    /// <summary>Returns the feed that the store has for announced names, or the id that it would get.</summary>
    public string FeedOf(FeedOrigin origin) => _store.List().FirstOrDefault(f => f.Schema.Origin == origin)?.Schema.Feed ?? FeedId.From(origin);

    /// <summary>Returns the feeds that the store has for announced names.</summary>
    public IReadOnlyDictionary<FeedOrigin, string> AnnouncedFeeds()
    {
        var feeds = new Dictionary<FeedOrigin, string>();
        foreach (FeedInfo feed in _store.List())
        {
            if (feed.Schema.Origin is { } origin)
                feeds[origin] = feed.Schema.Feed;
        }

        return feeds;
    }

    /// <summary>Makes sure that the inlet recognises what the store has already. Call under the gate, await outside.</summary>
    public Task LoadWindowAsync(FeedInlet inlet) => inlet.LoadWindowAsync(ReadWindowAsync);

    /// <summary>Accepts rows that were ended in the inlet's open batch. Under the gate.</summary>
    /// <param name="inlet">The inlet.</param>
    /// <param name="rows">How many.</param>
    /// <param name="bytes">Size of the message they came with.</param>
    public void Accept(FeedInlet inlet, int rows, int bytes)
    {
        long cost = bytes + ((long)rows * inlet.RowBytes);
        _input.Rows(inlet, rows, cost);
        _pendingRecords += rows;
        _pendingBytes += cost;
        _instruments.Records += rows;
    }

    /// <summary>Accepts what was parsed into <see cref="FeedInlet.Entry"/>. Under the gate.</summary>
    /// <param name="inlet">The inlet.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="bytes">Size of the message they came with.</param>
    public void AcceptEntry(FeedInlet inlet, int rows, int bytes)
    {
        if (inlet.Assembly is not null)
            rows = inlet.Assembly.Assemble(inlet.Rows);
        if (rows > 0)
            Accept(inlet, rows, bytes);
    }

    /// <summary>Says that a message needs nothing more than what was accepted so far: it is acknowledged once all of that is durable. Under the gate.</summary>
    public void Settle(in BusMessage message)
    {
        _instruments.Messages++;
        _instruments.Bytes += message.Payload.Length;
        _input.Acknowledge(message.Acknowledgement);
        _pump.Notify(message.MoreFollows);
    }

    /// <inheritdoc cref="Settle(in BusMessage)"/>
    public void Settle(in BusAcknowledgement acknowledgement)
    {
        _input.Acknowledge(acknowledgement);
        _pump.Notify(moreFollows: false);
    }

    /// <summary>Completes the source once everything accepted so far is durable. Under the gate.</summary>
    public void Settle(TaskCompletionSource writer)
    {
        _input.Wait(writer);
        _pump.Notify(moreFollows: false);
    }

    /// <summary>Completes once everything accepted so far is durable. Under the gate.</summary>
    public Task DurableAsync()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (IsStopped)
            written.SetException(new OperationCanceledException("Ingest has stopped."));
        else
            Settle(written);
        return written.Task;
    }

    /// <summary>Lets what was accepted go on, though more belongs to it. Under the gate.</summary>
    public void Notify() => _pump.Notify(moreFollows: false);

    /// <summary>Puts a message that cannot be understood aside; it is acknowledged once written. Under the gate.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cause">The kind of the reason.</param>
    /// <param name="source">Whose message it is, as in <see cref="DeadLetterCount.Source"/>.</param>
    /// <param name="reason">The reason in words.</param>
    public void Reject(in BusMessage message, DeadLetterCause cause, string source, string reason)
    {
        if (_rejectedTopics.Count < MaxWarnedTopics && _rejectedTopics.Add(message.Topic))
            Log.TopicRejected(_logger, message.Topic, reason);
        else
            Log.MessageRejected(_logger, message.Topic, reason);
        var letter = DeadLetter.From(message, cause, source, reason, _time.GetUtcNow(), _options.DeadLetters.MaxPayloadBytes);
        _letters.Add(letter);
        _pendingBytes += letter.Payload.Length;
        _input.Letter(letter);
        _pump.Notify(moreFollows: false);
    }

    /// <summary>Completes once there is room for more: at once, except when the store cannot keep up.</summary>
    public ValueTask RoomAsync()
    {
        if (Volatile.Read(ref _pendingRecords) < _options.MaxPendingRecords && Volatile.Read(ref _pendingBytes) < _options.MaxPendingBytes)
            return ValueTask.CompletedTask;
        lock (Gate)
        {
            if (HasRoom)
                return ValueTask.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _pump.Notify(moreFollows: false);
            return new ValueTask(_room.Task);
        }
    }

    private bool HasRoom => _pendingRecords < _options.MaxPendingRecords && _pendingBytes < _options.MaxPendingBytes;

    private void EndCycles()
    {
        lock (Gate)
        {
            foreach (ITimer cycle in _cycles.Values)
                cycle.Dispose();
            _cycles.Clear();
        }
    }

    private void Assemble(FeedInlet inlet)
    {
        if (!inlet.Assemble(Assemblies.For(inlet.Schema.Feed)))
            return;
        if (_cycles.Remove(inlet, out ITimer? older))
            older.Dispose();
        if (inlet.Assembly is { Period: { Ticks: > 0 } period } && !_stopping.IsCancellationRequested)
            _cycles.Add(inlet, _time.CreateTimer(_ => EndCycle(inlet), null, period, period));
    }

    private void EndCycle(FeedInlet inlet)
    {
        lock (Gate)
        {
            // While the store cannot keep up, cycles are left out: they repeat what is known already.
            if (IsStopped || inlet.Assembly is not { Period.Ticks: > 0, IsEmpty: false } assembly)
                return;
            if (!HasRoom)
            {
                _instruments.CyclesLeftOut++;
                return;
            }

            if (assembly.EndCycle(inlet.Rows, Now) is > 0 and int rows)
            {
                Accept(inlet, rows, 0);
                Notify();
            }
        }
    }

    private void GroupEnded(CommitGroup group)
    {
        TaskCompletionSource? room = null;
        lock (Gate)
        {
            _pendingRecords -= group.Records;
            _pendingBytes -= group.Bytes;
            if (HasRoom)
                (room, _room) = (_room, null);
        }

        room?.SetResult();
    }

    private async Task ReadWindowAsync(FeedInlet inlet)
    {
        var newest = new List<(long Sequence, long RecordSequence, long Timestamp)>();
        try
        {
            var query = new FeedQuery { Feed = inlet.Schema.Feed, Descending = true, Limit = _options.DuplicateWindow };
            await foreach (RecordBatch batch in _store.ReadAsync(query).ConfigureAwait(false))
            {
                using (batch)
                {
                    for (int i = 0; i < batch.Count; i++)
                        newest.Add((batch.Sequences[i], batch.RecordSequences[i], batch.Timestamps[i]));
                }
            }
        }
        catch (Exception e)
        {
            // Storing a record twice is the smaller evil than not storing it.
            Log.DuplicateWindowUnknown(_logger, inlet.Schema.Feed, e);
        }

        lock (Gate)
        {
            for (int i = newest.Count - 1; i >= 0; i--)
            {
                if (newest[i].Sequence != RecordBatch.NoSequence)
                    inlet.Seen.Add(DuplicateWindow.UnknownHash, newest[i].Sequence, newest[i].RecordSequence, newest[i].Timestamp);
            }

            inlet.WindowLoaded();
        }
    }
}

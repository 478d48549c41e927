using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Ingest;

/// <summary>
/// The thread between gate and store: gives what has gathered its positions, passes it to the live tail, and decides when a group
/// is closed. It takes what is there as soon as it is free, so that a lone message goes through at once and a flood goes through in batches.
/// </summary>
/// <remarks>
/// Only this thread fills a group and only one group is being committed. It sleeps on the gate's monitor: whoever accepts something
/// wakes it, unless the connection has more at hand; then the wake comes with the last message, or after the quiet interval at the latest.
/// </remarks>
internal sealed class IngestPump : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);
    private readonly object _gate;
    private readonly IngestInput _input;
    private readonly IFeedStore _store;
    private readonly ILiveTail _tail;
    private readonly GroupCommitter _committer;
    private readonly IngestOptions _options;
    private readonly Action<CommitGroup> _ended;
    private readonly ILogger _logger;
    private readonly List<FilledRows> _filled = [];
    private readonly List<ArrivedRows> _arrived = [];
    private readonly List<RecordBatch> _built = [];
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandon = new();
    private CommitGroup _open = new();
    private CommitGroup _other = new();
    private long _lastInput;
    private bool _committing;
    private bool _sleeping;
    private bool _drowsy;
    private volatile bool _stopping;
    private bool _running;

    public IngestPump(
        object gate,
        IngestInput input,
        IFeedStore store,
        ILiveTail tail,
        GroupCommitter committer,
        IngestOptions options,
        Action<CommitGroup> ended,
        ILogger logger)
    {
        _gate = gate;
        _input = input;
        _store = store;
        _tail = tail;
        _committer = committer;
        _options = options;
        _ended = ended;
        _logger = logger;
    }

    /// <summary>Ends the thread of a host that was never stopped in order.</summary>
    public void Dispose()
    {
        _abandon.Cancel();
        lock (_gate)
        {
            _stopping = true;
            _sleeping = false;
            Monitor.Pulse(_gate);
        }
    }

    public bool IsStopped => _stopping;

    public void Start()
    {
        lock (_gate)
        {
            if (_running || _stopping)
                return;
            _running = true;
        }

        new Thread(Run) { Name = "mlops-ingest", IsBackground = true }.Start();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopping = true;
            if (!_running)
                return;
            _running = false;
            Monitor.Pulse(_gate);
        }

        await using CancellationTokenRegistration registration = cancellationToken.Register(_abandon.Cancel);
        await _finished.Task.ConfigureAwait(false);
    }

    /// <summary>Wakes the thread when it sleeps. Under the gate.</summary>
    public void Notify(bool moreFollows)
    {
        // While it only dozes it wakes by itself soon, and the connection's next message comes sooner still.
        if (_sleeping && !(moreFollows && _drowsy))
        {
            _sleeping = false;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        try
        {
            while (TakeInput())
            {
                Publish();
                if (MayClose())
                    Close();
            }
        }
        catch (OperationCanceledException e)
        {
            Log.GroupAbandoned(_logger, _open.Records, e);
        }
        catch (Exception e)
        {
            Log.PumpFailed(_logger, e);
        }
        finally
        {
            End();
        }
    }

    // Whoever still waits hears that it was in vain; messages stay unacknowledged.
    private void End()
    {
        lock (_gate)
        {
            _running = false;
            _stopping = true;
            _input.MoveTo(_filled, _arrived, _open);
        }

        if (!_open.IsEmpty)
            GroupCommitter.Fail(_open.Writers, new OperationCanceledException("ingest has ended."));
        _ended(_open);
        _open.Clear();
        _finished.SetResult();
    }

    // Waits for input, or for the moment to close the group. False when everything is done.
    private bool TakeInput()
    {
        lock (_gate)
        {
            foreach (FilledRows filled in _filled)
                filled.Inlet.Return(filled.Rows);
            _filled.Clear();
            _arrived.Clear();
            while (true)
            {
                if (!_input.IsEmpty)
                {
                    _lastInput = Stopwatch.GetTimestamp();
                    if (_open.IsEmpty)
                        _open.Opened = _lastInput;
                    _input.MoveTo(_filled, _arrived, _open);
                    return true;
                }

                if (_stopping && _open.IsEmpty && !_committing)
                    return false;
                int wait = Remaining();
                if (wait == 0)
                    return true;
                _sleeping = true;
                _drowsy = wait > 0;
                Monitor.Wait(_gate, wait);
                _sleeping = false;
            }
        }
    }

    // Milliseconds until something must happen without input: 0 for now, -1 for never. Under the gate.
    private int Remaining()
    {
        TimeSpan quiet = _options.QuietInterval - Stopwatch.GetElapsedTime(_lastInput);
        if (_open.IsEmpty || _committing)
            return quiet > TimeSpan.Zero ? Ceiling(quiet) : Timeout.Infinite;
        if (_stopping || _open.Records >= _options.MaxGroupRecords)
            return 0;
        TimeSpan age = _options.CommitInterval - Stopwatch.GetElapsedTime(_open.Opened);
        TimeSpan remaining = age < quiet ? age : quiet;
        return remaining > TimeSpan.Zero ? Ceiling(remaining) : 0;
    }

    private bool MayClose()
    {
        lock (_gate)
            return !_open.IsEmpty && !_committing && Remaining() == 0;
    }

    private static int Ceiling(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds);

    private void Publish()
    {
        if (_filled.Count == 0)
            return;
        Number();
        foreach (FilledRows filled in _filled)
        {
            if (filled.Rows.Count > 0)
                _built.Add(filled.Rows.Build());
        }

        // Who joins one of these feeds with another one must not take what is still missing for what never came.
        if (_built.Count > 1)
        {
            foreach (RecordBatch batch in _built)
                _tail.Announce(batch.Schema.Feed, batch.Positions[^1]);
        }

        foreach (RecordBatch batch in _built)
        {
            _open.Batches.Add(batch);
            try
            {
                _tail.Publish(batch);
            }
            catch (Exception e)
            {
                Log.TailFailed(_logger, batch.Schema.Feed, e);
            }
        }

        _built.Clear();
    }

    // In the order in which they came, across feeds: what has gathered of one is not to stand before what came earlier of another.
    private void Number()
    {
        int rows = 0;
        foreach (ArrivedRows arrived in _arrived)
            rows += arrived.Count;
        long position = Reserve(rows);
        foreach (ArrivedRows arrived in _arrived)
        {
            foreach (ref long of in arrived.Rows.Positions.Slice(arrived.First, arrived.Count))
                of = position++;
        }
    }

    // This thread has nothing better to do than to wait: without positions nothing can go on. Almost always it completes at once.
    private long Reserve(int rows)
    {
        TimeSpan pause = FirstRetry;
        while (true)
        {
            try
            {
                ValueTask<long> reserved = _store.ReservePositionsAsync(rows);
                return reserved.IsCompletedSuccessfully ? reserved.Result : reserved.AsTask().GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                _committer.Refused(e, pause);
                if (_abandon.Token.WaitHandle.WaitOne(pause))
                    throw new OperationCanceledException("The stop does not wait for the store any longer.", e, _abandon.Token);
                pause = pause * 2 < LastRetry ? pause * 2 : LastRetry;
            }
        }
    }

    private void Close()
    {
        CommitGroup group = _open;
        _open = _other;
        _committing = true;
        _ = Task.Run(() => CommitAsync(group));
    }

    private async Task CommitAsync(CommitGroup group)
    {
        await _committer.CommitAsync(group, _abandon.Token).ConfigureAwait(false);
        _ended(group);
        group.Clear();
        lock (_gate)
        {
            _other = group;
            _committing = false;
            _sleeping = false;
            Monitor.Pulse(_gate);
        }
    }
}

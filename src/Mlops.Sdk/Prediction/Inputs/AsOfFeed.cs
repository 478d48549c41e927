using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows;
using Mlops.Workflows.Units;

namespace Mlops.Prediction.Inputs;

/// <summary>
/// A joined feed as records of another feed see it: of the records that came before, the newest by its own time that is not newer than
/// the record. Positions order the records of all feeds, so the answer is the same while records arrive, when a deployment catches up,
/// after a restart, and in a backtest. Used by one loop alone.
/// </summary>
/// <remarks>
/// It follows the feed side by side with the loop and keeps the newest records; only a record with a time older than all of them costs
/// a look into the store.
/// </remarks>
internal sealed class AsOfFeed(JoinedSource source, FeedSchema inputs, bool carries, IFeedStore store, IFeedReader reader, ILiveTail tail, TimeProvider time, int firstRecords = AsOfFeed.FirstRecords) : IAsyncDisposable
{
    private const int FirstRecords = 256;
    private const int KeptRecords = 16_384;
    private const long GapUntilAnew = 200_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly long[] Lookbacks =
        [.. ((TimeSpan[])[TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30)]).Select(t => t.Ticks * TimeSpan.NanosecondsPerTick), long.MaxValue];

    private readonly AsOfWindow _window = new(source.Inputs.Count, KeptRecords);
    private readonly int[] _columns = new int[source.Inputs.Count];
    private readonly UnitConversion?[] _units = new UnitConversion?[source.Inputs.Count];
    private CancellationTokenSource? _stop;
    private IAsyncEnumerator<RecordBatch>? _records;
    private Task<bool>? _next;
    private RecordBatch? _batch;
    private FeedSchema? _resolved;
    private int _row;
    private long _stored;
    private long _asked;

    public JoinedSource Source => source;

    /// <summary>Gets the position up to which records of the feed have been taken.</summary>
    public long Through { get; private set; }

    /// <summary>Gives the values as of a record.</summary>
    /// <param name="position">The record's position, mostly above that of the record before.</param>
    /// <param name="instant">Its own time.</param>
    /// <param name="values">Receives them, null where there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowException">The feed changed so that it no longer fits.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now; the call may be repeated.</exception>
    public async ValueTask ReadAsync(long position, long instant, Memory<InputValue?> values, CancellationToken cancellationToken)
    {
        await AdvanceAsync(position, cancellationToken).ConfigureAwait(false);
        if (instant < _window.Floor)
            await LookBackAsync(position, instant, values, cancellationToken).ConfigureAwait(false);
        else
            Take(_window, instant, values.Span);
    }

    public async ValueTask DisposeAsync()
    {
        _batch?.Dispose();
        _batch = null;
        if (_records is null)
            return;
        await _stop!.CancelAsync().ConfigureAwait(false);
        try
        {
            if (_next is not null && await _next.ConfigureAwait(false))
                _records.Current.Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // What it was about to read nobody needs.
        }

        await _records.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        (_records, _next) = (null, null);
    }

    private static long Reach(long instant, long back) => instant < long.MinValue + back ? long.MinValue : instant - back;

    private long Head => Math.Max(_stored, tail.Head(source.Feed));

    private async ValueTask AdvanceAsync(long position, CancellationToken cancellationToken)
    {
        // A record that is asked for once more, after a failure, must not see what was taken for those behind it.
        if (_records is null || position < _asked || (position - Through > GapUntilAnew && Head - Through > GapUntilAnew))
            await BeginAsync(position, cancellationToken).ConfigureAwait(false);
        _asked = position;
        while (true)
        {
            for (; _batch is not null && _row < _batch.Count; _row++)
            {
                if (_batch.Positions[_row] >= position)
                    return;
                Add(_window, _batch, _row);
                Through = _batch.Positions[_row];
            }

            _window.Trim();
            _batch?.Dispose();
            _batch = null;
            _next ??= _records!.MoveNextAsync().AsTask();
            if (!_next.IsCompleted && !await IsComingAsync(position, cancellationToken).ConfigureAwait(false))
                return;
            await TakeNextAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits for records that are known to be there.</summary>
    private async Task<bool> IsComingAsync(long position, CancellationToken cancellationToken)
    {
        long head = Head;
        if (Through >= Math.Min(position - 1, head))
            return false;
        try
        {
            await _next!.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            // They were deleted, or set aside as damaged, before they could be read.
            Through = Math.Max(Through, head);
            return false;
        }
    }

    private async Task TakeNextAsync()
    {
        Task<bool> next = _next!;
        try
        {
            if (!await next.ConfigureAwait(false))
                throw new IOException($"Following the feed '{source.Feed}' ended.");
            _next = null;
        }
        catch
        {
            // An enumerator that has failed does not go on: begin anew where records are missing.
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }

        RecordBatch batch = _records!.Current;
        try
        {
            Resolve(batch.Schema);
        }
        catch
        {
            batch.Dispose();
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }

        (_batch, _row) = (batch, 0);
    }

    /// <summary>Takes the newest records before a position from the store, and follows the feed from there.</summary>
    private async Task BeginAsync(long position, CancellationToken cancellationToken)
    {
        await DisposeAsync().ConfigureAwait(false);
        _window.Clear();
        _stored = store.List().FirstOrDefault(f => f.Schema.Feed == source.Feed)?.LastPosition ?? 0;
        long through = Math.Min(position - 1, _stored), first = through + 1;
        int found = 0;
        var newest = new FeedQuery { Feed = source.Feed, ToPosition = through, MinimumQuality = source.MinimumQuality };
        if (through > 0)
        {
            await foreach (RecordBatch batch in reader.ReadAsync(newest with { Descending = true, Limit = firstRecords }, cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                    (found, first) = (found + batch.Count, Math.Min(first, batch.Positions[^1]));
            }
        }

        if (found > 0)
        {
            await AddAllAsync(_window, newest with { AfterPosition = first - 1 }, cancellationToken).ConfigureAwait(false);

            // Older ones that were late and have times among these.
            if (found == firstRecords)
            {
                long floor = _window.First;
                await AddAllAsync(_window, newest with { ToPosition = first - 1, From = floor }, cancellationToken).ConfigureAwait(false);
                _window.Floor = Math.Max(_window.Floor, floor);
            }
        }

        Through = through;
        _stop = new CancellationTokenSource();
        _records = reader.FollowAsync(source.Feed, through, _stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>Finds in the store what is older than what is kept here.</summary>
    private async Task LookBackAsync(long position, long instant, Memory<InputValue?> values, CancellationToken cancellationToken)
    {
        await reader.WaitCommittedAsync(source.Feed, Through, cancellationToken).ConfigureAwait(false);
        long oldest = source.Tolerance is { } tolerance ? Reach(instant, tolerance) : long.MinValue;
        var window = new AsOfWindow(source.Inputs.Count, FirstRecords);
        foreach (long back in Lookbacks)
        {
            long from = Math.Max(oldest, Reach(instant, back));
            var query = new FeedQuery { Feed = source.Feed, From = from, To = instant == long.MaxValue ? null : instant + 1, ToPosition = position - 1, MinimumQuality = source.MinimumQuality };
            await AddAllAsync(window, query, cancellationToken).ConfigureAwait(false);
            if (window.Count > 0 || from == oldest)
                break;
        }

        Take(window, instant, values.Span);
    }

    private async Task AddAllAsync(AsOfWindow window, FeedQuery query, CancellationToken cancellationToken)
    {
        await foreach (RecordBatch batch in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                Resolve(batch.Schema);
                for (int row = 0; row < batch.Count; row++)
                    Add(window, batch, row);
            }

            window.Trim();
        }
    }

    private void Add(AsOfWindow window, RecordBatch batch, int row)
    {
        if (batch.Qualities[row] < source.MinimumQuality || window.Add(batch.Timestamps[row], batch.Positions[row]) is not { } index)
            return;
        Span<InputValue?> values = window.Values(index);
        for (int i = 0; i < values.Length; i++)
        {
            Column column = batch.Column(_columns[i]);
            if (column.IsValid(row))
                values[i] = InputValue.Read(inputs.Fields[source.Inputs[i].Input].Type, column, row, _units[i]);
            else if (carries && window.Before(index) is >= 0 and int before)
                values[i] = window.Values(before)[i];
        }
    }

    private void Take(AsOfWindow window, long instant, Span<InputValue?> values)
    {
        int index = window.Find(instant);
        if (index < 0 || (source.Tolerance is { } tolerance && window.Time(index) < Reach(instant, tolerance)))
            values.Clear();
        else
            window.Values(index).CopyTo(values);
    }

    private void Resolve(FeedSchema feed)
    {
        if (ReferenceEquals(_resolved, feed))
            return;
        for (int i = 0; i < _columns.Length; i++)
            (_columns[i], _units[i]) = InputMatch.Resolve(feed, source.Inputs[i].Field, inputs.Fields[source.Inputs[i].Input]);
        _resolved = feed;
    }
}

using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows;
using Mlops.Workflows.Units;
using Mlops.Workflows.Windows;

namespace Mlops.Prediction.Inputs;

/// <summary>
/// Cuts a feed into windows, joined with what other feeds had when each ended: the one way from records to windows, for training, backtest
/// and live prediction. What came before the first record it is given it takes from the store. Used by one loop alone.
/// </summary>
internal sealed class WindowSource : IAsyncDisposable
{
    private readonly WorkflowWindow _window;
    private readonly FeedSchema _inputs;
    private readonly string[] _fields;
    private readonly int[] _own;
    private readonly MissingValues _fill;
    private readonly double[] _defaults;
    private readonly IReadOnlyList<AsOfFeed> _joined;
    private readonly string _feed;
    private readonly IFeedReader _reader;
    private readonly WindowCutter _cutter;
    private readonly double[] _values;
    private readonly int[] _columns;
    private readonly UnitConversion?[] _units;
    private readonly List<CutWindow> _ended = [];
    private FeedSchema? _resolved;
    private bool _began;
    private long _through = -1;
    private int _complete;

    /// <summary>Makes the source.</summary>
    /// <param name="window">The window.</param>
    /// <param name="plan">What stands behind the inputs; all of them numbers.</param>
    /// <param name="fill">What to do with missing values.</param>
    /// <param name="defaults">The defaults of the inputs, where they are what to do with missing values.</param>
    /// <param name="joined">Gives the inputs that come from other feeds.</param>
    /// <param name="reader">Reads what came before.</param>
    public WindowSource(WorkflowWindow window, InputPlan plan, MissingValues fill, IReadOnlyList<object>? defaults, IReadOnlyList<AsOfFeed> joined, IFeedReader reader)
    {
        (_window, _inputs, _fields, _fill, _joined, _reader, _feed) = (window, plan.Inputs, plan.Fields, fill, joined, reader, plan.Feed.Feed);
        _defaults = [.. defaults?.Select(d => Convert.ToDouble(d, System.Globalization.CultureInfo.InvariantCulture)) ?? []];
        HashSet<int> others = [.. joined.SelectMany(f => f.Source.Inputs).Select(i => i.Input)];
        _own = [.. Enumerable.Range(0, _fields.Length).Where(i => !others.Contains(i))];
        (_values, _columns, _units) = (new double[_own.Length], new int[_own.Length], new UnitConversion?[_own.Length]);
        _cutter = WindowCutter.Of(window, _own.Length, fill);
    }

    public WorkflowWindow Window => _window;

    public FeedSchema Inputs => _inputs;

    public long? Anchor
    {
        get => _cutter.Anchor;
        set => _cutter.Anchor = value;
    }

    public IReadOnlyList<(string Feed, long Position)> Joined => [.. _joined.Where(f => f.Through > 0).Select(f => (f.Source.Feed, f.Through))];

    /// <summary>Returns the inputs of a model over windows: numbers, whatever the fields are.</summary>
    /// <exception cref="WorkflowException">A field holds no numbers.</exception>
    public static FeedSchema InputsOf(string workflow, IReadOnlyList<FeedField> fields)
    {
        string[] others = [.. fields.Where(f => f.Type is not (FieldType.Float64 or FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean)).Select(f => $"'{f.Name}' ({f.Type})")];
        return others.Length == 0 ? new FeedSchema(workflow, [.. fields.Select(f => f with { Type = FieldType.Float64 })]) : throw new WorkflowException(
            $"Workflow '{workflow}' wants windows, which hold numbers, but these inputs hold none: {string.Join(", ", others)}. List the inputs it needs in workflow.yaml, or bind other fields to them.");
    }

    /// <summary>Cuts the next batches.</summary>
    /// <param name="batches">Batches of the feed, in order. After an exception the same ones may come again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The windows that end with them, valid until the next call.</returns>
    /// <exception cref="WorkflowException">A feed changed so that it no longer fits.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now; the call may be repeated.</exception>
    public async ValueTask<IReadOnlyList<CutWindow>> CutAsync(IReadOnlyList<RecordBatch> batches, CancellationToken cancellationToken)
    {
        if (!_began && batches.Count > 0)
            await BeginAsync(batches[0].Positions[0], cancellationToken).ConfigureAwait(false);
        bool again = batches.Count > 0 && batches[^1].Positions[^1] <= _through;
        if (!again)
        {
            _ended.Clear();
            _complete = 0;
            foreach (RecordBatch batch in batches)
                Add(batch, _ended);
        }

        for (; _complete < _ended.Count; _complete++)
        {
            CutWindow window = await JoinAsync(_ended[_complete], cancellationToken).ConfigureAwait(false);
            _ended[_complete] = window;
        }

        _ended.RemoveAll(w => !w.Fill(_fill, _defaults));
        _complete = _ended.Count;
        return _ended;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (AsOfFeed feed in _joined)
            await feed.DisposeAsync().ConfigureAwait(false);
    }

    // What is cut from the records before was dealt with, or does not count.
    private async Task BeginAsync(long position, CancellationToken cancellationToken)
    {
        await _reader.WaitCommittedAsync(_feed, position - 1, cancellationToken).ConfigureAwait(false);
        if (await HistoryAsync(position, cancellationToken).ConfigureAwait(false) is { } history)
        {
            var past = new List<CutWindow>();
            await foreach (RecordBatch batch in _reader.ReadAsync(history, cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                    Add(batch, past);
                past.Clear();
            }
        }

        _cutter.Begin();
        _began = true;
    }

    private async Task<FeedQuery?> HistoryAsync(long position, CancellationToken cancellationToken)
    {
        var before = new FeedQuery { Feed = _feed, ToPosition = position - 1 };
        var newest = before with { Descending = true, Limit = _cutter.Reach is null ? _window.Rows + _window.HopRows + 1 : 1 };
        (long oldest, long time) = (long.MaxValue, 0);
        await foreach (RecordBatch batch in _reader.ReadAsync(newest, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
                (oldest, time) = (Math.Min(oldest, batch.Positions[^1]), batch.Timestamps[0]);
        }

        if (oldest == long.MaxValue)
            return null;

        // Twice as far: a record that is late may itself stand behind one that is newer by as much.
        return _cutter.Reach is { } reach ? before with { From = time - (2 * reach) } : before with { AfterPosition = oldest - 1 };
    }

    private void Add(RecordBatch batch, List<CutWindow> ended)
    {
        Resolve(batch.Schema);
        for (int row = 0; row < batch.Count; row++)
        {
            if (batch.Positions[row] <= _through)
                continue;
            for (int i = 0; i < _columns.Length; i++)
            {
                Column column = batch.Column(_columns[i]);
                _values[i] = column.IsValid(row) ? BitConverter.Int64BitsToDouble(InputValue.Read(FieldType.Float64, column, row, _units[i]).Bits) : double.NaN;
            }

            _cutter.Add(
                new WindowRow(batch.Positions[row], batch.Timestamps[row], batch.Received[row], batch.Arrivals[row], batch.Sequences[row], batch.RecordSequences[row], batch.Qualities[row]),
                _values,
                ended);
            _through = batch.Positions[row];
        }
    }

    /// <summary>Gives each row the values of the other feeds.</summary>
    private async ValueTask<CutWindow> JoinAsync(CutWindow window, CancellationToken cancellationToken)
    {
        if (_joined.Count == 0)
            return window;
        var values = new double[window.Times.Length * _fields.Length];
        for (int row = 0; row < window.Times.Length; row++)
        {
            for (int i = 0; i < _own.Length; i++)
                values[(row * _fields.Length) + _own[i]] = window.Values[(row * _own.Length) + i];
        }

        foreach (AsOfFeed feed in _joined)
        {
            var found = new InputValue?[feed.Source.Inputs.Count];
            for (int row = 0; row < window.Times.Length; row++)
            {
                await feed.ReadAsync(window.EndPosition, window.Times[row], found, cancellationToken).ConfigureAwait(false);
                for (int i = 0; i < found.Length; i++)
                    values[(row * _fields.Length) + feed.Source.Inputs[i].Input] = found[i] is { } value ? BitConverter.Int64BitsToDouble(value.Bits) : double.NaN;
            }
        }

        return window with { Values = values };
    }

    private void Resolve(FeedSchema feed)
    {
        if (ReferenceEquals(_resolved, feed))
            return;
        for (int i = 0; i < _own.Length; i++)
            (_columns[i], _units[i]) = InputMatch.Resolve(feed, _fields[_own[i]], _inputs.Fields[_own[i]]);
        _resolved = feed;
    }
}

using Mlops.Data;
using Mlops.Workflows;
using Mlops.Workflows.Units;

namespace Mlops.Prediction.Inputs;

/// <summary>
/// Turns batches of a feed into what a model wants: picks the bound fields, converts numbers and units, joins what other feeds give,
/// fills or skips what is missing; it remembers the last values.
/// </summary>
internal sealed class InputBinding : IInputBinding
{
    private readonly FeedSchema _inputs;
    private readonly string[] _fields;
    private readonly MissingValues _fill;
    private readonly InputValue[]? _defaults;
    private readonly InputJoin? _join;
    private readonly LastValues? _earlier;
    private readonly RecordBatchBuilder _builder;
    private readonly int[] _columns;
    private readonly UnitConversion?[] _units;
    private readonly InputValue?[] _last;
    private bool _began;
    private FeedSchema? _bound;
    private bool _sameTypes;

    /// <summary>Binds.</summary>
    /// <param name="inputs">What the model wants.</param>
    /// <param name="fields">The field behind each input, in the feed itself or in a joined one.</param>
    /// <param name="fill">What to do with missing values.</param>
    /// <param name="defaults">The defaults of the inputs, where they are what to do with missing values.</param>
    /// <param name="join">Gives the inputs that come from other feeds.</param>
    /// <param name="earlier">Finds the last values before the first record; <see langword="null"/> when there are none.</param>
    public InputBinding(FeedSchema inputs, string[] fields, MissingValues fill, IReadOnlyList<object>? defaults = null, InputJoin? join = null, LastValues? earlier = null)
    {
        _inputs = inputs;
        _fields = fields;
        _fill = fill;
        _defaults = defaults is null ? null : [.. defaults.Select((value, i) => InputValue.Of(inputs.Fields[i].Type, value))];
        _join = join;
        _earlier = earlier;
        _columns = new int[fields.Length];
        _units = new UnitConversion?[fields.Length];
        _last = new InputValue?[fields.Length];
        _builder = new RecordBatchBuilder(inputs);
    }

    public int RowsEach => 1;

    public IReadOnlyList<(string Feed, long Position)> Joined => _join?.Through ?? [];

    public long? Anchor { get; set; }

    public async ValueTask<RecordBatch> BindAsync(IReadOnlyList<RecordBatch> batches, bool newestOnly, List<SourceRow> rows, CancellationToken cancellationToken)
    {
        if (!_began && _fill == MissingValues.Last && _earlier is not null)
            await BeginAsync(batches[0], cancellationToken).ConfigureAwait(false);
        if (_join is not null)
            await _join.PrepareAsync(batches, newestOnly, cancellationToken).ConfigureAwait(false);
        return Bind(batches, newestOnly, rows);
    }

    public async ValueTask<RecordBatch> RebindAsync(SourceRow source, RecordBatch bound, int answer, CancellationToken cancellationToken)
    {
        if (!_began && _fill == MissingValues.Last && _earlier is not null)
            await BeginAsync(source.Batch, cancellationToken).ConfigureAwait(false);
        if (_join?.Has(source.Position) == false)
            await _join.PrepareAsync([source.Batch], false, cancellationToken).ConfigureAwait(false);
        Resolve(source.Batch.Schema);
        _builder.Truncate(0);
        AppendRow(source.Batch, source.Row);
        return _builder.Build();
    }

    public RecordBatch Take(RecordBatch bound, int answer)
    {
        _builder.Truncate(0);
        _builder.Append(bound, answer, 1);
        return _builder.Build();
    }

    /// <summary>Binds waiting batches as one; what other feeds give must have been prepared.</summary>
    public RecordBatch Bind(IReadOnlyList<RecordBatch> batches, bool newestOnly, List<SourceRow> rows)
    {
        rows.Clear();
        bool one = batches.Count == 1 && (!newestOnly || batches[0].Count == 1);
        if (!one || TryProject(batches[0]) is not { } projected)
            return Copy(batches, newestOnly, rows);
        for (int i = 0; i < projected.Count; i++)
            rows.Add(new SourceRow(batches[0], i));
        for (int i = 0; i < _last.Length && _fill == MissingValues.Last; i++)
            Remember(i, projected.Column(i), projected.Count - 1, null);
        return projected;
    }

    public ValueTask DisposeAsync() => _join?.DisposeAsync() ?? default;

    private bool IsJoined(int input) => _columns[input] < 0;

    // What was last before a restart, or before this model took over, is in the store.
    private async Task BeginAsync(RecordBatch first, CancellationToken cancellationToken)
    {
        Resolve(first.Schema);
        if (!IsComplete(first))
            await _earlier!.ReadAsync(first.Positions[0], _fields, _columns, _inputs, _last, cancellationToken).ConfigureAwait(false);
        _began = true;
    }

    private RecordBatch? TryProject(RecordBatch batch)
    {
        Resolve(batch.Schema);
        return _sameTypes && (_fill == MissingValues.Null || IsComplete(batch)) ? batch.Project(_inputs, _columns) : null;
    }

    private RecordBatch Copy(IReadOnlyList<RecordBatch> batches, bool newestOnly, List<SourceRow> rows)
    {
        _builder.Truncate(0);
        for (int b = newestOnly ? batches.Count - 1 : 0; b < batches.Count; b++)
        {
            RecordBatch batch = batches[b];
            Resolve(batch.Schema);
            for (int row = newestOnly ? batch.Count - 1 : 0; row < batch.Count; row++)
            {
                if (_fill == MissingValues.Skip && !HasAll(batch, row))
                    continue;
                AppendRow(batch, row);
                rows.Add(new SourceRow(batch, row));
            }
        }

        return _builder.Build();
    }

    private void Resolve(FeedSchema feed)
    {
        if (ReferenceEquals(_bound, feed))
            return;
        _sameTypes = _join is null;
        for (int i = 0; i < _fields.Length; i++)
        {
            (_columns[i], _units[i]) = _join?.Gives(i) == true ? (-1, null) : InputMatch.Resolve(feed, _fields[i], _inputs.Fields[i]);
            _sameTypes &= !IsJoined(i) && feed.Fields[_columns[i]].Type == _inputs.Fields[i].Type && _units[i] is null;
        }

        _bound = feed;
    }

    private bool IsComplete(RecordBatch batch)
    {
        foreach (int column in _columns)
        {
            if (column >= 0 && batch.Column(column).NullCount > 0)
                return false;
        }

        return true;
    }

    private bool HasAll(RecordBatch batch, int row)
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            if (IsJoined(i) ? _join!.Value(batch.Positions[row], i) is null : !batch.Column(_columns[i]).IsValid(row))
                return false;
        }

        return true;
    }

    private void AppendRow(RecordBatch batch, int row)
    {
        _builder.BeginRow(batch.Timestamps[row], batch.Received[row], batch.Arrivals[row], batch.Sequences[row], batch.RecordSequences[row]);
        _builder.SetPosition(batch.Positions[row]);
        _builder.AddQuality(batch.Qualities[row]);
        for (int i = 0; i < _columns.Length; i++)
        {
            if (IsJoined(i))
                Set(i, _join!.Value(batch.Positions[row], i));
            else if (batch.Column(_columns[i]) is var column && column.IsValid(row))
                Copy(i, column, row);
            else
                Set(i, null);
        }

        _builder.EndRow();
    }

    private void Copy(int input, Column column, int row)
    {
        InputValue.Copy(_builder, input, column, row, _units[input]);
        if (_fill == MissingValues.Last)
            Remember(input, column, row, _units[input]);
    }

    // What another feed gives is the last value already, unless it is too old.
    private void Set(int input, InputValue? value)
    {
        value ??= _fill switch
        {
            MissingValues.Last when !IsJoined(input) => _last[input],
            MissingValues.Default => _defaults![input],
            _ => null,
        };
        value?.Set(_builder, input);
    }

    // Texts repeat: the same one is not kept again.
    private void Remember(int input, Column column, int row, UnitConversion? unit)
    {
        if (_last[input]?.Text is not { } text || !column.Utf8(row).SequenceEqual(text))
            _last[input] = InputValue.Read(_inputs.Fields[input].Type, column, row, unit);
    }
}

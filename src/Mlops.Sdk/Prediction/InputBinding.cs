using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Workflows;
using Mlops.Workflows.Units;

namespace Mlops.Prediction;

/// <summary>
/// Turns batches of a feed into what a model wants: picks the bound fields, converts numbers and units, fills or skips what is missing.
/// One instance a deployment, used by its loop alone; it remembers the last values.
/// </summary>
internal sealed class InputBinding
{
    private readonly FeedSchema _inputs;
    private readonly string[] _fields;
    private readonly MissingValues _fill;
    private readonly IReadOnlyList<object>? _defaults;
    private readonly RecordBatchBuilder _builder;
    private readonly RecordBatchBuilder _last;
    private readonly int[] _columns;
    private readonly UnitConversion?[] _units;
    private readonly (Column Column, int Row, bool Any)[] _seen;
    private RecordBatch? _lastRow;
    private FeedSchema? _bound;
    private bool _sameTypes;

    /// <summary>Binds.</summary>
    /// <param name="inputs">What the model wants.</param>
    /// <param name="fields">The feed field behind each input.</param>
    /// <param name="fill">What to do with missing values.</param>
    /// <param name="defaults">The defaults of the inputs, where they are what to do with missing values.</param>
    public InputBinding(FeedSchema inputs, string[] fields, MissingValues fill, IReadOnlyList<object>? defaults = null)
    {
        _defaults = defaults;
        _inputs = inputs;
        _fields = fields;
        _fill = fill;
        _columns = new int[fields.Length];
        _units = new UnitConversion?[fields.Length];
        _seen = new (Column, int, bool)[fields.Length];
        _builder = new RecordBatchBuilder(inputs);
        _last = new RecordBatchBuilder(inputs, 1);
    }

    /// <summary>Returns one that binds alike and has seen nothing.</summary>
    public InputBinding Anew() => new(_inputs, _fields, _fill, _defaults);

    /// <summary>Checks that a feed can serve a model.</summary>
    /// <exception cref="WorkflowException">A field is missing, or has a type or a unit that does not fit; the message names all of them.</exception>
    public static void Check(string workflow, FeedSchema inputs, string[] fields, FeedSchema feed)
    {
        var problems = new List<string>();
        for (int i = 0; i < fields.Length; i++)
        {
            FeedField input = inputs.Fields[i];
            int column = feed.IndexOf(fields[i]);
            if (column < 0)
                problems.Add($"Its input '{input.Name}' is bound to '{fields[i]}', which feed '{feed.Feed}' does not have. Its fields: {string.Join(", ", feed.Fields.Select(f => f.Name))}. Bind the input to one of them.");
            else if (Mismatch(feed.Fields[column], input) is { } mismatch)
                problems.Add($"Its input '{input.Name}' wants {mismatch.Wanted}, but field '{fields[i]}' of feed '{feed.Feed}' is {mismatch.Given}. {mismatch.Remedy}");
        }

        if (problems.Count > 0)
            throw new WorkflowException($"Workflow '{workflow}' does not fit feed '{feed.Feed}'. {string.Join('\n', problems)}");
    }

    /// <summary>Finds the defaults of a model's inputs.</summary>
    /// <returns>A value for each input, of its type.</returns>
    /// <exception cref="WorkflowException">An input has none, or one that its type cannot hold; the message names all of them.</exception>
    public static IReadOnlyList<object> Defaults(WorkflowManifest manifest, FeedSchema inputs)
    {
        object?[] defaults = [.. inputs.Fields.Select(f => manifest.Inputs?.FirstOrDefault(i => i.Name == f.Name)?.Default is { } value && Holds(f.Type, value) ? value : null)];
        string[] without = [.. inputs.Fields.Where((_, i) => defaults[i] is null).Select(f => $"'{f.Name}' ({f.Type})")];
        return without.Length == 0 ? [.. defaults.OfType<object>()] : throw new WorkflowException(
            $"Missing values are to be filled by defaults, but workflow '{manifest.Name}' {manifest.Version} declares none of their type for its inputs {string.Join(", ", without)}. Add 'default' to them in workflow.yaml and train again, or fill with last, null or skip.");
    }

    /// <summary>Binds waiting batches as one.</summary>
    /// <param name="batches">Batches of the feed, in order.</param>
    /// <param name="newestOnly">Whether only the last record counts.</param>
    /// <param name="rows">Receives, for each row of the result, the record it stands for.</param>
    /// <returns>The inputs; the caller disposes them.</returns>
    /// <exception cref="WorkflowException">The feed changed so that it no longer fits the model.</exception>
    public RecordBatch Bind(IReadOnlyList<RecordBatch> batches, bool newestOnly, List<SourceRow> rows)
    {
        rows.Clear();
        bool one = batches.Count == 1 && (!newestOnly || batches[0].Count == 1);
        RecordBatch bound = one && TryProject(batches[0]) is { } projected ? projected : Copy(batches, newestOnly, rows);
        for (int i = rows.Count; i < bound.Count; i++)
            rows.Add(new SourceRow(batches[0], i));

        if (_fill == MissingValues.Last && bound.Count > 0)
        {
            _last.Append(bound, bound.Count - 1, 1);
            _lastRow?.Dispose();
            _lastRow = _last.Build();
        }

        return bound;
    }

    /// <summary>Binds one record again, for another try.</summary>
    public RecordBatch Bind(in SourceRow source)
    {
        Resolve(source.Batch.Schema);
        Array.Fill(_seen, default);
        AppendRow(source.Batch, source.Row);
        return _builder.Build();
    }

    private RecordBatch? TryProject(RecordBatch batch)
    {
        Resolve(batch.Schema);
        return _sameTypes && IsComplete(batch) ? batch.Project(_inputs, _columns) : null;
    }

    private RecordBatch Copy(IReadOnlyList<RecordBatch> batches, bool newestOnly, List<SourceRow> rows)
    {
        Array.Fill(_seen, default);
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

    private static bool Fits(FieldType from, FieldType to) => from == to || to switch
    {
        FieldType.Float64 => from is FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean,
        FieldType.Int64 => from is FieldType.UInt64 or FieldType.Boolean,
        _ => false,
    };

    private static bool Holds(FieldType type, object value) => type switch
    {
        FieldType.Float64 => value is long or double,
        FieldType.Int64 => value is long,
        FieldType.UInt64 => value is >= 0L,
        FieldType.Boolean => value is bool,
        FieldType.Text => value is string,
        _ => false,
    };

    private static (string Wanted, string Given, string Remedy)? Mismatch(FeedField field, FeedField input)
    {
        if (!Fits(field.Type, input.Type))
            return (input.Type.ToString(), field.Type.ToString(), "Bind the input to another field, or train a model on data of that type.");
        UnitConversion? conversion = UnitTable.Between(field.Unit, input.Unit, out bool possible);
        if (!possible)
            return ($"{input.Type} in {input.Unit}", $"{field.Type} in {field.Unit}", FeedBinding.UnitRemedy(input.Unit!));
        return conversion is not null && input.Type != FieldType.Float64
            ? ($"{input.Type} in {input.Unit}", $"{field.Type} in {field.Unit}", $"Converted values are not whole: bind a field in {input.Unit}, or declare the input as number in workflow.yaml and train again.")
            : null;
    }

    private void Resolve(FeedSchema feed)
    {
        if (ReferenceEquals(_bound, feed))
            return;
        _sameTypes = true;
        for (int i = 0; i < _fields.Length; i++)
        {
            _columns[i] = feed.IndexOf(_fields[i]);
            if (_columns[i] < 0)
                throw new WorkflowException($"Feed '{feed.Feed}' changed: its field '{_fields[i]}' is gone, the input '{_inputs.Fields[i].Name}' wants {_inputs.Fields[i].Type}. Train on the new data and deploy the new model.");
            FeedField field = feed.Fields[_columns[i]];
            if (Mismatch(field, _inputs.Fields[i]) is { } mismatch)
                throw new WorkflowException($"Feed '{feed.Feed}' changed: its field '{_fields[i]}' is now {mismatch.Given}, the input '{_inputs.Fields[i].Name}' wants {mismatch.Wanted}. Train on the new data and deploy the new model.");
            _units[i] = UnitTable.Between(field.Unit, _inputs.Fields[i].Unit, out _);
            _sameTypes &= field.Type == _inputs.Fields[i].Type && _units[i] is null;
        }

        _bound = feed;
    }

    private bool IsComplete(RecordBatch batch)
    {
        if (_fill == MissingValues.Null)
            return true;
        foreach (int column in _columns)
        {
            if (batch.Column(column).NullCount > 0)
                return false;
        }

        return true;
    }

    private bool HasAll(RecordBatch batch, int row)
    {
        foreach (int column in _columns)
        {
            if (!batch.Column(column).IsValid(row))
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
            Column column = batch.Column(_columns[i]);
            if (column.IsValid(row))
            {
                Copy(i, column, row, _units[i]);
                _seen[i] = (column, row, true);
            }
            else if (_fill == MissingValues.Last)
            {
                if (_seen[i].Any)
                    Copy(i, _seen[i].Column, _seen[i].Row, _units[i]);
                else if (_lastRow is not null && _lastRow.Column(i).IsValid(0))
                    Copy(i, _lastRow.Column(i), 0, null);
            }
            else if (_fill == MissingValues.Default)
            {
                SetDefault(i, _defaults![i]);
            }
        }

        _builder.EndRow();
    }

    private void SetDefault(int input, object value)
    {
        switch (_inputs.Fields[input].Type)
        {
            case FieldType.Float64: _builder.SetFloat64(input, Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case FieldType.Int64: _builder.SetInt64(input, (long)value); break;
            case FieldType.UInt64: _builder.SetUInt64(input, (ulong)(long)value); break;
            case FieldType.Boolean: _builder.SetBoolean(input, (bool)value); break;
            default: _builder.SetText(input, Encoding.UTF8.GetBytes((string)value)); break;
        }
    }

    private void Copy(int input, Column column, int row, UnitConversion? unit)
    {
        switch (_inputs.Fields[input].Type)
        {
            case FieldType.Float64:
                double number = column.Type switch
                {
                    FieldType.Float64 => column.Values<double>()[row],
                    FieldType.Int64 => column.Values<long>()[row],
                    FieldType.UInt64 => column.Values<ulong>()[row],
                    _ => column.Values<byte>()[row],
                };
                _builder.SetFloat64(input, unit is { } by ? by.Apply(number) : number);
                break;
            case FieldType.Int64:
                _builder.SetInt64(input, column.Type switch
                {
                    FieldType.UInt64 => unchecked((long)Math.Min(column.Values<ulong>()[row], long.MaxValue)),
                    FieldType.Boolean => column.Values<byte>()[row],
                    _ => column.Values<long>()[row],
                });
                break;
            case FieldType.UInt64: _builder.SetUInt64(input, column.Values<ulong>()[row]); break;
            case FieldType.Boolean: _builder.SetBoolean(input, column.Values<byte>()[row] != 0); break;
            case FieldType.Text: _builder.SetText(input, column.Utf8(row)); break;
            default: _builder.SetInstant(input, column.Values<long>()[row]); break;
        }
    }
}

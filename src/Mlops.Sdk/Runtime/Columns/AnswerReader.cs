using System.Text;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Runtime.Columns;

/// <summary>Makes a batch of answers from what Python wrote into a block. Trusts nothing in it: the code may be anybody's.</summary>
internal sealed unsafe class AnswerReader
{
    private readonly byte[][]? _classes;
    private readonly RecordBatchBuilder _builder;
    private readonly string _title;
    private readonly int _rowsEach;

    public AnswerReader(WorkflowManifest manifest, IReadOnlyList<string>? classes)
    {
        _rowsEach = manifest.Window?.Rows ?? 1;
        _title = $"'{manifest.Name}' {manifest.Version}";
        IReadOnlyList<WorkflowInput> fields = manifest.Output.Fields ?? [];
        _classes = classes?.Select(Encoding.UTF8.GetBytes).ToArray();
        Shapes = _classes is not null
            ? [new ColumnShape(AnswerSchema.Label, ColumnKind.Integer), new ColumnShape(AnswerSchema.Score, ColumnKind.Number)]
            : [.. fields.Select(field => new ColumnShape(field.Name, KindOf(field.Type)))];
        Schema = AnswerSchema.Of(manifest);
        _builder = new RecordBatchBuilder(Schema);
    }

    public FeedSchema Schema { get; }

    public ColumnShape[] Shapes { get; }

    /// <summary>Copies as many answers as the batch has records or windows, each under its record's time.</summary>
    public RecordBatch Read(byte* block, ColumnLayout? layout, RecordBatch batch)
    {
        int rows = batch.Count / _rowsEach;
        _builder.AppendRows(rows);
        for (int row = 0; row < rows; row++)
            _builder.Timestamps[row] = batch.Timestamps[((row + 1) * _rowsEach) - 1];
        for (int column = 0; rows > 0 && column < Shapes.Length; column++)
            Read(block, layout!.Outputs[column], column, rows);
        return _builder.Build();
    }

    private void Read(byte* block, ColumnSlot slot, int column, int rows)
    {
        byte* values = block + slot.Values;
        byte* present = block + slot.Present;
        switch (slot.Kind)
        {
            case ColumnKind.Number:
                var numbers = new ReadOnlySpan<double>(values, rows);
                numbers.CopyTo(_builder.Values<double>(column));
                for (int row = 0; row < rows; row++)
                {
                    if (!double.IsNaN(numbers[row]))
                        _builder.MarkValid(column, row);
                }

                break;
            case ColumnKind.Integer when _classes is not null:
                ReadLabels(new ReadOnlySpan<long>(values, rows), column);
                break;
            case ColumnKind.Integer:
                new ReadOnlySpan<long>(values, rows).CopyTo(_builder.Values<long>(column));
                MarkPresent(present, column, rows);
                break;
            case ColumnKind.Boolean:
                Span<byte> truths = _builder.Values<byte>(column);
                for (int row = 0; row < rows; row++)
                    truths[row] = values[row] != 0 ? (byte)1 : (byte)0;
                MarkPresent(present, column, rows);
                break;
            default:
                ReadTexts((long*)values, present, block + slot.Text, slot, column, rows);
                break;
        }
    }

    private void ReadLabels(ReadOnlySpan<long> codes, int column)
    {
        for (int row = 0; row < codes.Length; row++)
        {
            long code = codes[row];
            if (code < -1 || code >= _classes!.Length)
                throw Corrupt($"the class number {code} in row {row}");
            if (code >= 0)
                _builder.SetTextAt(column, row, _classes[code]);
        }
    }

    private void ReadTexts(long* offsets, byte* present, byte* text, ColumnSlot slot, int column, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            if (present[row] == 0)
                continue;
            (long start, long end) = (offsets[row], offsets[row + 1]);
            if (start < 0 || end < start || end > slot.TextCapacity)
                throw Corrupt($"a text from {start} to {end} of {slot.TextCapacity} bytes in row {row} of '{slot.Name}'");
            _builder.SetTextAt(column, row, new ReadOnlySpan<byte>(text + start, (int)(end - start)));
        }
    }

    private void MarkPresent(byte* present, int column, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            if (present[row] != 0)
                _builder.MarkValid(column, row);
        }
    }

    private WorkflowException Corrupt(string what)
    {
        // Rows that were begun must not appear in the next batch.
        _builder.Build().Dispose();
        return new WorkflowException($"Workflow {_title}: its process wrote {what} into the memory of the answers. Only the runtime may write there.");
    }

    private static ColumnKind KindOf(InputType type) => type switch
    {
        InputType.Number => ColumnKind.Number,
        InputType.Integer => ColumnKind.Integer,
        InputType.Boolean => ColumnKind.Boolean,
        _ => ColumnKind.Text,
    };
}

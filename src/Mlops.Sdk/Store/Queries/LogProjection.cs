using System.Text;
using System.Text.Unicode;
using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>
/// Makes of decoded rows of the log what a plain projection wants, as the query engine would make it of a file. Of a row only the
/// fields are decoded that it needs.
/// </summary>
internal sealed class LogProjection : IDisposable
{
    private readonly ScanProjection? _projection;
    private readonly bool _isView;
    private RecordBatchBuilder? _builder;
    private readonly int[] _sources = [];

    /// <param name="target">The revision as which records are read.</param>
    /// <param name="projection">A plain projection; <see langword="null"/> for the fields themselves.</param>
    public LogProjection(FeedRevision target, ScanProjection? projection)
    {
        _projection = projection;
        Needed = target;
        if (projection is null)
            return;
        int[] fields = [.. projection.Columns.Select(c => c.Field).Append(projection.Condition?.Present ?? ScanColumn.Nothing).Where(f => f >= 0).Distinct()];
        Needed = target.Only(fields);
        _sources = [.. projection.Columns.Select(c => Array.IndexOf(fields, c.Field))];
        Present = projection.Condition?.Present is { } present ? Array.IndexOf(fields, present) : null;
        _isView = projection.Columns.Select((c, i) => IsView(c, projection.Schema.Fields[i].Type, _sources[i])).All(view => view);
    }

    /// <summary>Gets the revision under which rows are to be decoded.</summary>
    public FeedRevision Needed { get; }

    /// <summary>Gets the field of <see cref="Needed"/> that a record must have a value in to count.</summary>
    public int? Present { get; }

    /// <summary>Projects a batch of <see cref="Needed"/>; it is disposed.</summary>
    public RecordBatch Apply(RecordBatch batch)
    {
        if (_projection is null)
            return batch;
        using (batch)
        {
            if (_isView && AllTextIsValid(batch))
                return batch.Project(_projection.Schema, _sources);
            RecordBatchBuilder builder = _builder ??= new RecordBatchBuilder(_projection.Schema, batch.Count);
            builder.AppendRows(batch.Count);
            batch.Positions.CopyTo(builder.Positions);
            batch.Timestamps.CopyTo(builder.Timestamps);
            batch.Received.CopyTo(builder.Received);
            batch.Sequences.CopyTo(builder.Sequences);
            batch.RecordSequences.CopyTo(builder.RecordSequences);
            batch.Qualities.CopyTo(builder.Qualities);
            for (int c = 0; c < _sources.Length; c++)
            {
                if (_sources[c] >= 0)
                    Copy(batch.Column(_sources[c]), builder, c, _projection.Columns[c]);
            }

            return builder.Build();
        }
    }

    public void Dispose() => _builder?.Close();

    private bool IsView(ScanColumn column, FieldType type, int source) => source >= 0 && column.Conversion is null && Needed.Schema.Fields[source].Type == type;

    private static void Copy(Column source, RecordBatchBuilder builder, int column, ScanColumn wanted)
    {
        FieldType type = builder.Schema.Fields[column].Type;
        if (type == FieldType.Float64)
            CopyNumbers(source, builder.Values<double>(column), wanted);
        else if (type == FieldType.Text && !IsValid(source))
            CopyMended(source, builder, column);
        else if (type.HasOffsets())
            builder.SetTextsAt(column, 0, source.Offsets, source.TextBytes);
        else if (type == FieldType.Boolean)
            source.Values<byte>().CopyTo(builder.Values<byte>(column));
        else
            source.Values<long>().CopyTo(builder.Values<long>(column));
        builder.MarkValid(column, 0, source.Count, source.Validity);
    }

    private static void CopyNumbers(Column source, Span<double> target, ScanColumn wanted)
    {
        switch (source.Type)
        {
            case FieldType.Float64:
                source.Values<double>().CopyTo(target);
                break;
            case FieldType.Boolean:
                ReadOnlySpan<byte> flags = source.Values<byte>();
                for (int i = 0; i < target.Length; i++)
                    target[i] = flags[i];
                break;
            case FieldType.UInt64:
                ReadOnlySpan<ulong> unsigned = source.Values<ulong>();
                for (int i = 0; i < target.Length; i++)
                    target[i] = unsigned[i];
                break;
            default:
                ReadOnlySpan<long> integers = source.Values<long>();
                for (int i = 0; i < target.Length; i++)
                    target[i] = integers[i];
                break;
        }

        if (wanted.Conversion is not { } conversion)
            return;
        for (int i = 0; i < target.Length; i++)
            target[i] = source.IsValid(i) ? conversion.Apply(target[i]) : 0;
    }

    // Assets may send anything as text; a file holds it mended, and a record must not change when it moves there.
    private static void CopyMended(Column source, RecordBatchBuilder builder, int column)
    {
        for (int row = 0; row < source.Count; row++)
        {
            if (source.IsValid(row))
                builder.SetTextAt(column, row, Utf8.IsValid(source.Utf8(row)) ? source.Utf8(row) : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(source.Utf8(row))));
        }
    }

    private static bool AllTextIsValid(RecordBatch batch)
    {
        for (int c = 0; c < batch.Schema.Fields.Count; c++)
        {
            if (batch.Schema.Fields[c].Type == FieldType.Text && !IsValid(batch.Column(c)))
                return false;
        }

        return true;
    }

    private static bool IsValid(Column texts)
    {
        if (Ascii.IsValid(texts.TextBytes))
            return true;
        for (int row = 0; row < texts.Count; row++)
        {
            if (!Utf8.IsValid(texts.Utf8(row)))
                return false;
        }

        return true;
    }
}

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>Puts batches into a temporary table of a session, column by column.</summary>
internal sealed class RecordLoader : IDisposable
{
    private const int SystemColumns = 6;

    /// <summary>The appender would keep 200,000 rows beside the table.</summary>
    private const int FlushRows = 16_384;
    private readonly DuckDbAppender _appender;
    private int _unflushed;

    public RecordLoader(DuckDbConnection connection, string table, FeedRevision revision)
    {
        connection.Execute($"CREATE OR REPLACE TEMP TABLE {Sql.Identifier(table)} ({Sql.TableColumns(revision)})");
        _appender = connection.CreateAppender(table);
    }

    public void Append(RecordBatch batch) => Append(batch, 0, batch.Count);

    public void Append(RecordBatch batch, int first, int rows)
    {
        for (int start = first; start < first + rows; start += _appender.ChunkCapacity)
        {
            int count = Math.Min(_appender.ChunkCapacity, first + rows - start);
            batch.Positions.Slice(start, count).CopyTo(_appender.Column<long>(0));
            batch.Timestamps.Slice(start, count).CopyTo(_appender.Column<long>(1));
            batch.Received.Slice(start, count).CopyTo(_appender.Column<long>(2));
            batch.Qualities.Slice(start, count).CopyTo(_appender.Column<byte>(3));
            AppendSequences(4, batch.Sequences.Slice(start, count));
            AppendSequences(5, batch.RecordSequences.Slice(start, count));
            for (int c = 0; c < batch.Schema.Fields.Count; c++)
                AppendColumn(SystemColumns + c, batch.Column(c), start, count);
            _appender.AppendChunk(count);
        }

        _unflushed += rows;
        if (_unflushed >= FlushRows)
            Flush();
    }

    public void Flush()
    {
        _appender.Flush();
        _unflushed = 0;
    }

    public void Dispose() => _appender.Dispose();

    private void AppendSequences(int target, ReadOnlySpan<long> sequences)
    {
        sequences.CopyTo(_appender.Column<long>(target));
        for (int i = sequences.IndexOf(RecordBatch.NoSequence); i >= 0 && i < sequences.Length; i++)
        {
            if (sequences[i] == RecordBatch.NoSequence)
                _appender.SetNull(target, i);
        }
    }

    private void AppendColumn(int target, Column column, int start, int count)
    {
        switch (column.Type)
        {
            case FieldType.Boolean:
                column.Values<byte>().Slice(start, count).CopyTo(_appender.Column<byte>(target));
                break;
            case FieldType.UInt64:
                column.Values<ulong>().Slice(start, count).CopyTo(_appender.Column<ulong>(target));
                break;
            case FieldType.Float64:
                column.Values<double>().Slice(start, count).CopyTo(_appender.Column<double>(target));
                break;
            case FieldType.Text:
                for (int i = 0; i < count; i++)
                    SetText(target, i, column.Utf8(start + i));
                break;
            case FieldType.BooleanList:
                AppendLists<bool>(target, column, start, count);
                break;
            case FieldType.UInt64List:
                AppendLists<ulong>(target, column, start, count);
                break;
            case FieldType.Float64List:
                AppendLists<double>(target, column, start, count);
                break;
            case FieldType.Int64List or FieldType.TimestampList:
                AppendLists<long>(target, column, start, count);
                break;
            case FieldType.TextList:
                for (int i = 0; i < count; i++)
                    _appender.SetTextList(target, i, TextsOf(column, start + i));
                break;
            default:
                column.Values<long>().Slice(start, count).CopyTo(_appender.Column<long>(target));
                break;
        }

        if (column.NullCount > 0)
            ValidityBits.Copy(column.Validity, start, MemoryMarshal.AsBytes(_appender.Validity(target)), 0, count);
    }

    private void AppendLists<T>(int target, Column column, int start, int count)
        where T : unmanaged
    {
        for (int i = 0; i < count; i++)
            _appender.SetList(target, i, column.List<T>(start + i));
    }

    private static string[] TextsOf(Column column, int row) => (string[]?)column.GetValue(row) ?? [];

    // Assets may send anything as text, and one such record must not keep the others from their file.
    private void SetText(int target, int row, ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
            _appender.SetText(target, row, utf8);
        else
            _appender.SetText(target, row, Encoding.UTF8.GetString(utf8));
    }
}

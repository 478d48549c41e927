using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mlops.Data;

namespace Mlops.Store.Selection;

/// <summary>
/// SHA-256 over what a training got: names and types of the columns, then, in blocks of <see cref="BlockRows"/> records, positions and
/// the columns' presence and values, the label's last. The blocks are fixed, so the same records give the same hash wherever they are
/// stored and in whatever batches they come. Recorded selections are compared by it: what it covers, and how, must not change.
/// </summary>
internal sealed class SelectionHash : IDisposable
{
    /// <summary>Every block has so many records, except the last.</summary>
    public const int BlockRows = 16_384;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FeedSchema _schema;
    private readonly List<(RecordBatch Batch, int Start, int Count)> _pieces = [];
    private readonly byte[] _bitmap = new byte[BlockRows / 8];
    private readonly double[] _canonical = new double[1024];
    private int[] _offsets = [];
    private int _rows;

    public SelectionHash(FeedSchema schema)
    {
        _schema = schema;
        foreach (FeedField field in schema.Fields)
            _hash.AppendData(Encoding.UTF8.GetBytes($"{field.Name}\0{(int)field.Type}\0"));
    }

    /// <summary>Adds the records of a batch. What does not fill a block is kept until the next.</summary>
    public void Add(RecordBatch batch)
    {
        for (int start = 0; start < batch.Count;)
        {
            int count = Math.Min(BlockRows - _rows, batch.Count - start);
            _pieces.Add((batch.Retain(), start, count));
            _rows += count;
            start += count;
            if (_rows == BlockRows)
                EndBlock();
        }
    }

    public string Finish()
    {
        if (_rows > 0)
            EndBlock();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        Release();
        _hash.Dispose();
    }

    private void EndBlock()
    {
        Span<byte> count = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(count, _rows);
        _hash.AppendData(count);
        foreach ((RecordBatch batch, int start, int rows) in _pieces)
            _hash.AppendData(MemoryMarshal.AsBytes(batch.Positions.Slice(start, rows)));
        for (int c = 0; c < _schema.Fields.Count; c++)
        {
            AddValidity(c);
            if (_schema.Fields[c].Type.HasOffsets())
                AddTexts(c);
            else
                AddValues(c);
        }

        Release();
    }

    private void Release()
    {
        foreach ((RecordBatch batch, _, _) in _pieces)
            batch.Dispose();
        _pieces.Clear();
        _rows = 0;
    }

    private void AddValidity(int column)
    {
        Span<byte> bitmap = _bitmap.AsSpan(0, (_rows + 7) / 8);
        bitmap[^1] = 0;
        int row = 0;
        foreach ((RecordBatch batch, int start, int rows) in _pieces)
        {
            ValidityBits.Copy(batch.Column(column).Validity, start, bitmap, row, rows);
            row += rows;
        }

        _hash.AppendData(bitmap);
    }

    private void AddValues(int index)
    {
        foreach ((RecordBatch batch, int start, int rows) in _pieces)
        {
            Column column = batch.Column(index);
            if (column.Type == FieldType.Float64)
                AddDoubles(column.Values<double>().Slice(start, rows));
            else if (column.Type == FieldType.Boolean)
                _hash.AppendData(column.Values<byte>().Slice(start, rows));
            else
                _hash.AppendData(MemoryMarshal.AsBytes(column.Values<long>().Slice(start, rows)));
        }
    }

    private void AddTexts(int index)
    {
        if (_offsets.Length == 0)
            _offsets = new int[BlockRows + 1];
        int row = 0;
        foreach ((RecordBatch batch, int start, int rows) in _pieces)
        {
            ReadOnlySpan<int> offsets = batch.Column(index).Offsets.Slice(start, rows + 1);
            for (int i = 0; i < rows; i++)
                _offsets[row + i + 1] = _offsets[row + i] + offsets[i + 1] - offsets[i];
            row += rows;
        }

        _hash.AppendData(MemoryMarshal.AsBytes(_offsets.AsSpan(0, _rows + 1)));
        foreach ((RecordBatch batch, int start, int rows) in _pieces)
        {
            Column column = batch.Column(index);
            _hash.AppendData(column.TextBytes[column.Offsets[start]..column.Offsets[start + rows]]);
        }
    }

    // Zero has two spellings and NaN many; a Parquet file need not keep which one it was.
    private void AddDoubles(ReadOnlySpan<double> values)
    {
        if (IsCanonical(values))
        {
            _hash.AppendData(MemoryMarshal.AsBytes(values));
            return;
        }

        for (int start = 0; start < values.Length; start += _canonical.Length)
        {
            int count = Math.Min(_canonical.Length, values.Length - start);
            for (int i = 0; i < count; i++)
                _canonical[i] = double.IsNaN(values[start + i]) ? double.NaN : values[start + i] + 0.0;
            _hash.AppendData(MemoryMarshal.AsBytes(_canonical.AsSpan(0, count)));
        }
    }

    private static bool IsCanonical(ReadOnlySpan<double> values)
    {
        var negativeZero = new Vector<long>(long.MinValue);
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        foreach (Vector<double> vector in vectors)
        {
            if (!Vector.EqualsAll(vector, vector) || Vector.EqualsAny(Vector.AsVectorInt64(vector), negativeZero))
                return false;
        }

        foreach (double value in values[(vectors.Length * Vector<double>.Count)..])
        {
            if (double.IsNaN(value) || (value == 0 && double.IsNegative(value)))
                return false;
        }

        return true;
    }
}

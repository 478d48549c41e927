using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mlops.Data;

namespace Mlops.Store.Selection;

/// <summary>
/// SHA-256 over what a training got: names and types of the columns, then, in blocks of <see cref="BlockRows"/> records, positions and
/// the columns' presence and values, the label's last. The blocks are fixed, so the same records give the same hash wherever they are stored.
/// </summary>
internal sealed class SelectionHash : IDisposable
{
    /// <summary>Every batch that is added has so many records, except the last.</summary>
    public const int BlockRows = 16_384;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public SelectionHash(FeedSchema schema)
    {
        foreach (FeedField field in schema.Fields)
            _hash.AppendData(Encoding.UTF8.GetBytes($"{field.Name}\0{(int)field.Type}\0"));
    }

    public void Add(RecordBatch block)
    {
        Span<byte> count = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(count, block.Count);
        _hash.AppendData(count);
        _hash.AppendData(MemoryMarshal.AsBytes(block.Positions));
        for (int c = 0; c < block.Schema.Fields.Count; c++)
        {
            Column column = block.Column(c);
            AddValidity(column);
            if (column.Type.HasOffsets())
                AddTexts(column);
            else if (column.Type == FieldType.Float64)
                AddDoubles(column.Values<double>());
            else if (column.Type == FieldType.Boolean)
                _hash.AppendData(column.Values<byte>());
            else
                _hash.AppendData(MemoryMarshal.AsBytes(column.Values<long>()));
        }
    }

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void AddValidity(Column column)
    {
        var bitmap = new byte[(column.Count + 7) / 8];
        ValidityBits.Copy(column.Validity, 0, bitmap, 0, column.Count);
        _hash.AppendData(bitmap);
    }

    private void AddTexts(Column column)
    {
        _hash.AppendData(MemoryMarshal.AsBytes(column.Offsets));
        _hash.AppendData(column.TextBytes);
    }

    // Zero has two spellings and NaN many; a Parquet file need not keep which one it was.
    private void AddDoubles(ReadOnlySpan<double> values)
    {
        var canonical = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            canonical[i] = double.IsNaN(values[i]) ? double.NaN : values[i] + 0.0;
        _hash.AppendData(MemoryMarshal.AsBytes(canonical.AsSpan()));
    }
}

using System.Runtime.ConstrainedExecution;

namespace Mlops.Data;

/// <summary>The native memory of one batch: the columns of its schema and the columns every record has.</summary>
/// <remarks>
/// Owner rule: a builder fills it, a <see cref="RecordBatch"/> shares it by counting references, and the release of the last
/// one hands it back to the pool it came from. The finalizer only frees what a caller forgot to dispose.
/// </remarks>
internal sealed unsafe class BatchMemory : CriticalFinalizerObject, IDisposable
{
    private const int SystemColumns = 6;
    private readonly BatchMemoryPool _pool;
    private long* _system;
    private nuint _bytes;
    private int _references;

    public BatchMemory(FeedSchema schema, BatchMemoryPool pool)
    {
        _pool = pool;
        Columns = new ColumnBuffer[schema.Fields.Count];
        for (int i = 0; i < Columns.Length; i++)
            Columns[i] = new ColumnBuffer(schema.Fields[i].Type);
    }

    ~BatchMemory() => Free();

    public ColumnBuffer[] Columns { get; }

    public int Capacity { get; private set; }

    public long* Positions => _system;

    public long* Timestamps => _system + Capacity;

    public long* Received => _system + (2 * Capacity);

    public long* Arrivals => _system + (3 * Capacity);

    public long* Sequences => _system + (4 * Capacity);

    public long* RecordSequences => _system + (5 * Capacity);

    public byte* Qualities => (byte*)(_system + (SystemColumns * Capacity));

    public long Bytes
    {
        get
        {
            long bytes = Capacity * ((SystemColumns * sizeof(long)) + 1L);
            foreach (ColumnBuffer column in Columns)
                bytes += column.Bytes(Capacity);
            return bytes;
        }
    }

    public void Grow(int rows, int capacity)
    {
        nuint bytes = SystemBytes(capacity);
        foreach (ColumnBuffer column in Columns)
            bytes += ColumnBuffer.FixedBytes(column.Type, capacity);
        byte* grown = BatchPages.Take(bytes);
        var system = (long*)grown;
        if (_system != null)
        {
            for (int i = 0; i < SystemColumns; i++)
                new ReadOnlySpan<long>(_system + (i * Capacity), rows).CopyTo(new Span<long>(system + (i * capacity), rows));
            new ReadOnlySpan<byte>(Qualities, rows).CopyTo(new Span<byte>(system + (SystemColumns * capacity), rows));
        }

        byte* end = grown + SystemBytes(capacity);
        foreach (ColumnBuffer column in Columns)
            end = column.MoveTo(end, rows, capacity);
        BatchPages.Free((byte*)_system, _bytes);
        _system = system;
        (_bytes, Capacity) = (bytes, capacity);
    }

    public void Retain() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            _pool.Return(this);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static nuint SystemBytes(int capacity) => (((nuint)capacity * ((SystemColumns * sizeof(long)) + 1)) + 63) & ~(nuint)63;

    private void Free()
    {
        foreach (ColumnBuffer column in Columns)
            column.Free();
        BatchPages.Free((byte*)_system, _bytes);
        _system = null;
        Capacity = 0;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Mlops.Data;

/// <summary>
/// Several records of one feed in columns: one schema, timestamps, typed columns in native memory laid out as Arrow arrays.
/// Immutable; any thread may read it. Reference-counted: whoever keeps it calls <see cref="Retain"/>, and everybody disposes once.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "The field's term.")]
public sealed unsafe class RecordBatch : IDisposable
{
    /// <summary>Stands in <see cref="Sequences"/> and <see cref="RecordSequences"/> where the asset sent no number.</summary>
    public const long NoSequence = long.MinValue;

    private readonly BatchMemory _memory;
    private readonly int[]? _projection;
    private int _disposed;

    internal RecordBatch(FeedSchema schema, BatchMemory memory, int count, int[]? projection = null)
    {
        Schema = schema;
        _memory = memory;
        _projection = projection;
        Count = count;
        memory.Retain();
    }

    /// <summary>Gets the schema; its fields are the columns.</summary>
    public FeedSchema Schema { get; }

    /// <summary>Gets the number of records.</summary>
    public int Count { get; }

    /// <summary>Gets the positions, rising within a feed.</summary>
    public ReadOnlySpan<long> Positions => new(Memory.Positions, Count);

    /// <summary>Gets the time of each record, nanoseconds since 1970 UTC.</summary>
    public ReadOnlySpan<long> Timestamps => new(Memory.Timestamps, Count);

    /// <summary>Gets when the node accepted each record, nanoseconds since 1970 UTC.</summary>
    public ReadOnlySpan<long> Received => new(Memory.Received, Count);

    /// <summary>Gets the monotonic tick (<see cref="System.Diagnostics.Stopwatch"/>) at which each record's bytes were read from the socket; 0 when it came from the store.</summary>
    public ReadOnlySpan<long> Arrivals => new(Memory.Arrivals, Count);

    /// <summary>Gets the asset's message numbers, or <see cref="NoSequence"/>.</summary>
    public ReadOnlySpan<long> Sequences => new(Memory.Sequences, Count);

    /// <summary>Gets the asset's record numbers within a message, or <see cref="NoSequence"/>.</summary>
    public ReadOnlySpan<long> RecordSequences => new(Memory.RecordSequences, Count);

    /// <summary>Gets the worst quality of each record's values: 0 bad, 1 uncertain, 2 good, 3 good (cascade).</summary>
    public ReadOnlySpan<byte> Qualities => new(Memory.Qualities, Count);

    /// <summary>Gets how many bytes of native memory it holds; views and other references share them.</summary>
    public long Bytes => Memory.Bytes;

    private BatchMemory Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return _memory;
        }
    }

    /// <summary>Returns a column.</summary>
    /// <param name="index">Index of the field in <see cref="Schema"/>.</param>
    /// <returns>A view, valid until this reference is disposed.</returns>
    public Column Column(int index) => new(Schema.Fields[index], Memory.Columns[_projection is null ? index : _projection[index]], Count);

    /// <summary>Returns a column by its field's name.</summary>
    /// <param name="field">Name of the field.</param>
    /// <returns>A view, valid until this reference is disposed.</returns>
    /// <exception cref="ArgumentException">The feed has no such field.</exception>
    public Column Column(string field)
    {
        int index = Schema.IndexOf(field);
        return index >= 0 ? Column(index) : throw new ArgumentException(
            $"Feed '{Schema.Feed}' has no field '{field}'. Its fields: {string.Join(", ", Schema.Fields.Select(f => f.Name))}.", nameof(field));
    }

    /// <summary>Returns another reference to the same memory; it must be disposed as well.</summary>
    /// <returns>The new reference.</returns>
    public RecordBatch Retain() => new(Schema, Memory, Count, _projection);

    /// <summary>Returns a view with chosen columns under another schema, sharing the memory; it must be disposed as well.</summary>
    /// <param name="schema">The schema of the view: one field for each chosen column, of the same types.</param>
    /// <param name="columns">Which column of this batch stands behind each field.</param>
    /// <returns>The view.</returns>
    /// <exception cref="ArgumentException">Numbers or types of fields and columns differ.</exception>
    public RecordBatch Project(FeedSchema schema, ReadOnlySpan<int> columns)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema.Fields.Count != columns.Length)
            throw new ArgumentException($"The view '{schema.Feed}' has {schema.Fields.Count} fields but {columns.Length} columns were chosen.", nameof(columns));
        var projection = new int[columns.Length];
        for (int i = 0; i < projection.Length; i++)
        {
            projection[i] = _projection is null ? columns[i] : _projection[columns[i]];
            if (Memory.Columns[projection[i]].Type != schema.Fields[i].Type)
                throw new ArgumentException($"Field '{schema.Fields[i].Name}' of the view is {schema.Fields[i].Type}, the column behind it {Memory.Columns[projection[i]].Type}.", nameof(schema));
        }

        return new RecordBatch(schema, Memory, Count, projection);
    }

    /// <summary>Releases this reference; the last one gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _memory.Release();
    }
}

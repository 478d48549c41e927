using System.Buffers;
using Mlops.Data;

namespace Mlops.Store.Transfer;

/// <summary>Writes batches of one schema as text, in UTF-8 and with no more in memory than a part of a batch. For one thread at a time.</summary>
public abstract class RecordWriter
{
    private const int FlushBytes = 64 * 1024;
    private readonly Stream _stream;
    private bool _started;

    private protected RecordWriter(Stream stream, FeedSchema schema, bool withTimestamp)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(schema);
        _stream = stream;
        Schema = schema;
        // A field of the same name keeps it; nothing may be there twice.
        WithTimestamp = withTimestamp && schema.IndexOf(TimestampName) < 0;
    }

    /// <summary>Name of the column that holds the time of a record.</summary>
    public const string TimestampName = "timestamp";

    /// <summary>Gets the schema of the batches.</summary>
    public FeedSchema Schema { get; }

    /// <summary>Gets how many records were written.</summary>
    public long Rows { get; private set; }

    private protected bool WithTimestamp { get; }

    private protected ArrayBufferWriter<byte> Buffer { get; } = new(FlushBytes);

    /// <summary>Creates a writer for CSV or JSON.</summary>
    /// <param name="format">The format.</param>
    /// <param name="stream">Where to; stays the caller's to close.</param>
    /// <param name="schema">The schema of the batches.</param>
    /// <param name="withTimestamp">Whether a column <c>timestamp</c> comes first, unless a field is called so: for records; results of SQL have none.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="ArgumentException">The format cannot be streamed.</exception>
    public static RecordWriter Create(RecordFormat format, Stream stream, FeedSchema schema, bool withTimestamp) => format switch
    {
        RecordFormat.Csv => new CsvRecordWriter(stream, schema, withTimestamp),
        RecordFormat.Json => new JsonRecordWriter(stream, schema, withTimestamp),
        _ => throw new ArgumentException($"{format} cannot be written as a stream of text. Export it to a file.", nameof(format)),
    };

    /// <summary>Writes a batch; it stays the caller's to dispose.</summary>
    /// <param name="batch">Records under <see cref="Schema"/>.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Completes once the stream has taken it.</returns>
    public async Task WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Start();
        for (int row = 0; row < batch.Count; row++)
        {
            Write(batch, row);
            Rows++;
            if (Buffer.WrittenCount >= FlushBytes)
                await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what closes the text. Without it, a reader can tell that something is missing.</summary>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Completes once the stream has taken it.</returns>
    public async Task FinishAsync(CancellationToken cancellationToken = default)
    {
        Start();
        End();
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private protected abstract void Begin();

    private protected abstract void Write(RecordBatch batch, int row);

    private protected abstract void End();

    private void Start()
    {
        if (_started)
            return;
        _started = true;
        Begin();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        Buffer.ResetWrittenCount();
    }
}

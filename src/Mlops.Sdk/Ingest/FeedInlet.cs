using Mlops.Data;
using Mlops.Ingest.Assembly;

namespace Mlops.Ingest;

/// <summary>
/// Where the records of one feed enter: the batch that is being filled, and what was already seen. Everything here belongs to
/// whoever holds <see cref="IngestPipeline.Gate"/>.
/// </summary>
internal sealed class FeedInlet(FeedSchema schema, int duplicateWindow)
{
    private const int MaxFirstRows = 16;
    private const int MaxFirstValues = 4096;
    private RecordBatchBuilder? _spare;
    private Task? _loading;

    /// <summary>Gets the schema of <see cref="Rows"/>.</summary>
    public FeedSchema Schema { get; private set; } = schema;

    /// <summary>Gets the open batch. Rows that were begun and not ended are forgotten.</summary>
    public RecordBatchBuilder Rows { get; private set; } = Create(schema);

    /// <summary>Gets what messages are parsed into: the open batch, or what its rows are assembled from.</summary>
    public RecordBatchBuilder Entry => Assembly?.Brought ?? Rows;

    /// <summary>Gets how rows are assembled; <see langword="null"/> when each message is one.</summary>
    public RowAssembly? Assembly { get; private set; }

    /// <summary>Gets or sets a value indicating whether the open batch waits for the pump.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Gets the records seen before; complete once <see cref="LoadWindowAsync"/> has been awaited.</summary>
    public DuplicateWindow Seen { get; } = new(duplicateWindow);

    /// <summary>Gets a value indicating whether <see cref="Seen"/> knows what the store has.</summary>
    public bool IsWindowLoaded { get; private set; } = duplicateWindow == 0;

    /// <summary>Gets roughly what a row costs in memory, without its texts.</summary>
    public int RowBytes { get; private set; } = BytesOf(schema);

    /// <summary>Takes the filled batch away and opens the next one.</summary>
    public RecordBatchBuilder Swap()
    {
        RecordBatchBuilder full = Rows;
        Rows = _spare ?? Create(Schema);
        _spare = null;
        return full;
    }

    /// <summary>Takes a builder back once its batch was built, with the memory it keeps.</summary>
    public void Return(RecordBatchBuilder builder)
    {
        if (ReferenceEquals(builder.Schema, Schema))
            _spare = builder;
    }

    /// <summary>Goes on with another schema; the open batch must have been taken away when it has rows.</summary>
    public void Adopt(FeedSchema newer)
    {
        Schema = newer;
        Assembly?.Adopt(newer);
        RowBytes = BytesOf(newer);
        Rows = Create(newer);
        _spare = null;
    }

    /// <summary>Goes on with another assembly.</summary>
    /// <returns>False when it is the same as until now.</returns>
    public bool Assemble(FeedAssembly how)
    {
        if (Assembly?.Options == how || (Assembly is null && how.Mode == AssemblyMode.Message))
            return false;
        Assembly = how.Mode == AssemblyMode.Message ? null : new RowAssembly(how, Schema, Assembly);
        return true;
    }

    /// <summary>Fills <see cref="Seen"/> from the feed's newest records, once. Call it under the gate and await it outside.</summary>
    public Task LoadWindowAsync(Func<FeedInlet, Task> load) => _loading ??= Task.Run(() => load(this));

    /// <summary>Says that <see cref="Seen"/> knows what the store has, or that it cannot be known.</summary>
    public void WindowLoaded() => IsWindowLoaded = true;

    // Few rows at first: at low rates a batch holds one row, and wide feeds are expensive.
    private static RecordBatchBuilder Create(FeedSchema schema) =>
        new(schema, Math.Clamp(MaxFirstValues / Math.Max(1, schema.Fields.Count), 1, MaxFirstRows));

    private static int BytesOf(FeedSchema schema) => 64 + (9 * schema.Fields.Count);
}

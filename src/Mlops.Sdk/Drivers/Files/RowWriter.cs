using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Drivers.Files;

/// <summary>Gathers rows into batches of the asset's feed, and declares columns as they turn up.</summary>
internal sealed class RowWriter(FileDriverSettings settings, RowValues values, IRecordSink sink)
{
    private const int MaxRows = 1024;
    private const string DeclaredKey = "declared";

    // What is on its way when the driver is to end is waited for, or it would be read again; not for long, since a full disk takes nothing.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private FeedSchema? _schema;
    private RecordBatchBuilder? _rows;

    /// <summary>Gets how many rows wait to be written.</summary>
    public int Count => _rows?.Count ?? 0;

    /// <summary>Gets a value indicating whether a batch is full.</summary>
    public bool IsFull => Count >= MaxRows;

    /// <summary>Goes on with the columns that earlier runs have declared, so that their types stay.</summary>
    public async Task ResumeAsync(IReadOnlyDictionary<string, string> memory, CancellationToken stop)
    {
        if (memory.GetValueOrDefault(DeclaredKey) == settings.Group)
            _schema = await sink.DeclareAsync(settings.Group, [], stop).ConfigureAwait(false);
    }

    /// <summary>Adds a row; what waits is written first when the row brings new columns.</summary>
    /// <exception cref="FormatException">A value does not fit its column; nothing was added.</exception>
    public async ValueTask AddAsync(RecordRow row, long time, CancellationToken stop)
    {
        List<FeedField>? news = null;
        foreach ((string column, object? value) in row.Values)
        {
            if (value is not null && column != settings.Timestamp && (_schema is null || _schema.IndexOf(column) < 0))
                (news ??= []).Add(new FeedField(column, values.TypeOf(column, value)) { Unit = settings.Units.TryGetValue(column, out string? unit) ? unit : null });
        }

        // Understood before anything is declared: a bad line must not leave columns behind.
        List<(string Column, object Value)> converted = [.. Convert(row, news)];
        if (news is not null || _schema is null)
        {
            await WriteAsync(stop).ConfigureAwait(false);
            _schema = await sink.DeclareAsync(settings.Group, news ?? [], stop).ConfigureAwait(false);
            _rows = null;
            await sink.RememberAsync(DeclaredKey, settings.Group, stop).ConfigureAwait(false);
        }

        _rows ??= new RecordBatchBuilder(_schema, 64);
        _rows.BeginRow(time, sequence: row.Place);
        foreach ((string column, object value) in converted)
            FieldInference.Write(_rows, _schema.IndexOf(column), value);
        _rows.EndRow();
    }

    /// <summary>Writes what waits; completes once it is durable.</summary>
    public async ValueTask WriteAsync(CancellationToken stop)
    {
        if (Count == 0)
            return;
        using RecordBatch batch = _rows!.Build();
        using var late = new CancellationTokenSource();
        using CancellationTokenRegistration ending = stop.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(s_patience), late);
        await sink.WriteAsync(batch, late.Token).ConfigureAwait(false);
    }

    private IEnumerable<(string Column, object Value)> Convert(RecordRow row, List<FeedField>? news)
    {
        foreach ((string column, object? value) in row.Values)
        {
            if (value is null || column == settings.Timestamp)
                continue;
            int index = _schema?.IndexOf(column) ?? -1;
            FieldType type = index >= 0 ? _schema!.Fields[index].Type : news!.Find(f => f.Name == column)!.Type;
            if (values.Convert(column, value, type) is { } converted)
                yield return (column, converted);
        }
    }
}

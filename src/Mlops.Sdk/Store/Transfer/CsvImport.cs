using System.IO.Pipelines;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Store.Transfer;

/// <summary>One import of CSV.</summary>
internal sealed class CsvImport(string feed, IFeedWriter writer, FeedSchema? known, IProgress<TransferProgress>? progress)
{
    private const int SampleRows = 1000;
    private const int BatchRows = 4096;
    private readonly ImportTally _tally = new(feed, progress);
    private readonly List<(long Line, string?[] Cells)> _sample = [];
    private string[] _names = [];
    private int _time = -1;
    private FeedSchema? _schema;
    private int[] _columns = [];
    private RecordBatchBuilder? _rows;

    public async Task<ImportReport> RunAsync(Stream csv, CancellationToken cancellationToken)
    {
        // The parser reads synchronously, which not every stream allows; a pipe's stream does.
        PipeReader pipe = PipeReader.Create(csv, new StreamPipeReaderOptions(leaveOpen: true));
        using var text = new StreamReader(pipe.AsStream());
        var reader = new CsvReader(text);
        try
        {
            ReadNames(reader);
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reader.Cells.Count != _names.Length)
                    _tally.Reject(reader.Line, $"it has {reader.Cells.Count} values, and the first line names {_names.Length}");
                else if (_schema is null)
                    await SampleAsync(reader, cancellationToken).ConfigureAwait(false);
                else
                    await AddAsync(reader.Line, reader.Cells, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FormatException e) when (_names.Length > 0)
        {
            _tally.Reject(reader.Line, $"{e.Message} The rest of the text was not read.");
        }

        if (_schema is null)
            await DeclareAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        return _tally.Report();
    }

    private void ReadNames(CsvReader reader)
    {
        if (!reader.Read())
            throw Refuse("it is empty");
        if (reader.Cells.Any(string.IsNullOrEmpty))
            throw Refuse("a column has no name");
        _names = [.. reader.Cells.Select(c => c!)];
        if (_names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Refuse($"two columns are called '{twice.Key}'");
        _time = Array.IndexOf(_names, RecordWriter.TimestampName);
        if (_time < 0)
            throw Refuse($"there is no column '{RecordWriter.TimestampName}'. Its columns: {string.Join(", ", _names)}");
    }

    private async Task SampleAsync(CsvReader reader, CancellationToken cancellationToken)
    {
        _sample.Add((reader.Line, [.. reader.Cells]));
        if (_sample.Count == SampleRows)
            await DeclareAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Declares the feed by the known types and by the sample, then takes the sample in.</summary>
    private async Task DeclareAsync(CancellationToken cancellationToken)
    {
        IEnumerable<FeedField> fields = Enumerable.Range(0, _names.Length).Where(c => c != _time)
            .Select(c => known is not null && known.IndexOf(_names[c]) is >= 0 and int index ? known.Fields[index] : new FeedField(_names[c], CsvFieldTypes.Infer(_sample.Select(r => r.Cells[c]))));
        _schema = await writer.DeclareAsync(feed, [.. fields], cancellationToken).ConfigureAwait(false);
        _columns = [.. _names.Select((name, c) => c == _time ? -1 : _schema.IndexOf(name))];
        _rows = new RecordBatchBuilder(_schema, BatchRows);
        foreach ((long line, string?[] cells) in _sample)
            await AddAsync(line, cells, cancellationToken).ConfigureAwait(false);
        _sample.Clear();
    }

    private async ValueTask AddAsync(long line, IReadOnlyList<string?> cells, CancellationToken cancellationToken)
    {
        if (Problem(cells) is { } problem)
            _tally.Reject(line, problem);
        else if (_rows!.Count >= BatchRows)
            await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private string? Problem(IReadOnlyList<string?> cells)
    {
        if (cells[_time] is not { } time || !CsvFieldTypes.TryInstant(time, out long nanoseconds))
            return $"'{cells[_time]}' in column '{RecordWriter.TimestampName}' is no time; write it like 2024-05-01T12:00:00Z";
        _rows!.BeginRow(nanoseconds);
        for (int c = 0; c < _columns.Length; c++)
        {
            // A row that was begun and not ended is forgotten with the next one.
            if (_columns[c] >= 0 && cells[c] is { } text && !CsvFieldTypes.TrySet(_rows, _columns[c], text))
                return $"'{text}' in column '{_names[c]}' is no {_schema!.Fields[_columns[c]].Type}";
        }

        _rows.EndRow();
        return null;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_rows!.Count == 0)
            return;
        using RecordBatch batch = _rows.Build();
        await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        _tally.Stored(batch.Count);
    }

    private ArgumentException Refuse(string why) =>
        new($"The CSV for feed '{feed}' cannot be imported: {why}. The first line names the columns, one of them {RecordWriter.TimestampName}.");
}

using System.Globalization;
using Mlops.Testing.Csv;

namespace Mlops.Testing.Assets;

/// <summary>
/// Replays the rows of a CSV file as an asset over MQTT in the Common Databus Payload Format, in two phases: rows to train
/// on, each followed by its label, and rows to test with, whose labels come when they are asked for.
/// </summary>
/// <remarks>Rows without a label are left out. One call at a time; <see cref="Counts"/> may be read from any thread.</remarks>
public sealed class CsvReplayAsset : IAsyncDisposable
{
    private readonly CsvTable _table;
    private readonly CsvReplayAssetOptions _options;
    private readonly DateTime[]? _times;
    private readonly (CsvColumn Column, DataPoint Point)[] _columns;
    private readonly DataPoint? _label;
    private readonly LabelledStream _stream;
    private readonly LabelBacklog _backlog = new(long.MaxValue, TimeSpan.Zero);

    /// <summary>Creates the asset; nothing is connected yet.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="options">What to replay, where and how; only <see cref="AssetOptions.RecordsPerSecond"/> may change afterwards, between calls.</param>
    /// <param name="time">The clock; the system's if <see langword="null"/>.</param>
    /// <exception cref="CsvException">The label or time column is missing or cannot be used.</exception>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public CsvReplayAsset(CsvTable table, CsvReplayAssetOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        _table = table;
        _options = options;
        Labels = new CsvLabels(table, options.LabelColumn, options.LabelIsQuantity);
        var timeColumn = options.TimeColumn is { } name ? table.Column(name, "time") : null;
        _times = timeColumn is null ? null : CsvTimes.Read(table, timeColumn);
        _columns =
        [
            .. table.Columns.Where(column => column != Labels.Column && column != timeColumn)
                .Select((column, i) => (column, DataPoint.Numbered(column.Name, i + 1, DataType(column.Type)))),
        ];
        _label = options.LabelInRecord ? DataPoint.Numbered(Labels.Column.Name, _columns.Length + 1, "String") : null;
        var points = _columns.Select(column => column.Point);
        _stream = new LabelledStream(options, [.. _label is null ? points : points.Append(_label)], time ?? TimeProvider.System);
        Split = Divide();
    }

    /// <summary>Gets the labels.</summary>
    public CsvLabels Labels { get; }

    /// <summary>Gets which rows are for training and which for testing.</summary>
    public StratifiedSplit Split { get; }

    /// <summary>Gets how far the asset has come.</summary>
    public AssetCounts Counts => _stream.Connection.Counts;

    /// <summary>Gets the <c>seq</c> that the next record will have.</summary>
    public long NextSequence => _stream.NextSequence;

    /// <summary>Connects and announces the asset: retained metadata and status; from now on it reconnects by itself.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the broker has acknowledged the announcement.</returns>
    /// <exception cref="TimeoutException">The broker cannot be reached.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default) => _stream.Connection.ConnectAsync(cancellationToken);

    /// <summary>Publishes the training rows, each followed by its label.</summary>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <returns>A task that ends when all are acknowledged.</returns>
    public Task PublishTrainingAsync(CancellationToken cancellationToken = default) => PublishAsync(Split.Training, training: true, cancellationToken);

    /// <summary>Publishes the test rows, without their labels.</summary>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <returns>A task that ends when all are acknowledged.</returns>
    public Task PublishTestAsync(CancellationToken cancellationToken = default) => PublishAsync(Split.Test, training: false, cancellationToken);

    /// <summary>Publishes the labels of the test rows published so far.</summary>
    /// <param name="cancellationToken">Stops between two labels.</param>
    /// <returns>A task that ends when all are acknowledged.</returns>
    public async Task PublishTestLabelsAsync(CancellationToken cancellationToken = default)
    {
        await PublishLabelsAsync(cancellationToken).ConfigureAwait(false);
        await _stream.Connection.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says that the asset is unavailable and disconnects.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static string DataType(CsvColumnType type) => type switch
    {
        CsvColumnType.Integer => "LInt",
        CsvColumnType.Decimal => "LReal",
        CsvColumnType.Boolean => "Bool",
        _ => "String",
    };

    private StratifiedSplit Divide() => _options.Split == CsvSplitRule.Chronological
        ? StratifiedSplit.Chronological(_times is null ? Labels.Rows : [.. Labels.Rows.OrderBy(row => _times[row])], _options.TrainingShare)
        : StratifiedSplit.Shuffle(Labels.Rows, row => _options.LabelIsQuantity ? "" : Labels[row]!, _options.TrainingShare, _options.Seed);

    private async Task PublishAsync(IReadOnlyList<int> rows, bool training, CancellationToken cancellationToken)
    {
        var pace = _stream.StartPace();
        foreach (var row in rows)
        {
            await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            var utc = _times?[row] ?? _stream.Now;
            var record = await _stream.BeginRecordAsync(utc, cancellationToken).ConfigureAwait(false);
            Write(record, row);
            if (training && _label is not null)
                record.Write(_label, Labels[row]!);
            _backlog.Add(new PendingLabel(_stream.NextSequence, utc, Labels[row]!));
            _stream.SendRecord(record);
            if (training)
                await PublishLabelsAsync(cancellationToken).ConfigureAwait(false);
        }

        await _stream.Connection.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Write(BulkMessage record, int row)
    {
        foreach (var (column, point) in _columns)
        {
            if (_table[row, column] is not { } text)
                continue;
            switch (column.Type)
            {
                case CsvColumnType.Integer:
                    record.Write(point, long.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture));
                    break;
                case CsvColumnType.Decimal:
                    record.Write(point, CsvTypes.ToDouble(text));
                    break;
                case CsvColumnType.Boolean:
                    record.Write(point, bool.Parse(text));
                    break;
                default:
                    record.Write(point, text);
                    break;
            }
        }
    }

    private async ValueTask PublishLabelsAsync(CancellationToken cancellationToken)
    {
        while (_backlog.TryPeek(_stream.NextSequence, _stream.Now, force: true, out var label))
        {
            await _stream.SendLabelAsync(label, cancellationToken).ConfigureAwait(false);
            _backlog.Remove();
        }
    }
}

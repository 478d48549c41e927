using System.Globalization;

namespace Mlops.Testing.Assets;

/// <summary>
/// Publishes records and, later, what an inspector says of them. A label is a record of a collection of its own, whose
/// data points name the record that it judges: <c>source_seq</c>, <c>source_ts</c>, <c>label</c>, <c>author</c>.
/// </summary>
internal sealed class LabelledStream : IAsyncDisposable
{
    private readonly AssetOptions _options;
    private readonly TimeProvider _time;
    private readonly DataPoint _sourceSeq;
    private readonly DataPoint _sourceTs;
    private readonly DataPoint _label;
    private readonly DataPoint _author;
    private long _labels;

    public LabelledStream(AssetOptions options, IReadOnlyList<DataPoint> points, TimeProvider time)
    {
        options.Validate();
        _options = options;
        _time = time;
        _sourceSeq = DataPoint.Numbered("source_seq", points.Count + 1, "LInt");
        _sourceTs = DataPoint.Numbered("source_ts", points.Count + 2, "String");
        _label = DataPoint.Numbered("label", points.Count + 3, "String");
        _author = DataPoint.Numbered("author", points.Count + 4, "String");
        Connection = new DatabusConnection(options, new Announcement(options, [new AssetCollection(options.Collection, points), new AssetCollection(options.LabelCollection, [_sourceSeq, _sourceTs, _label, _author])]), time);
        NextSequence = options.FirstSequence;
    }

    public DatabusConnection Connection { get; }

    /// <summary>Gets the <c>seq</c> of the next record.</summary>
    public long NextSequence { get; private set; }

    public DateTime Now => _time.GetUtcNow().UtcDateTime;

    public Pace StartPace() => new(_options.RecordsPerSecond, _time);

    /// <summary>Begins the next record.</summary>
    public ValueTask<BulkMessage> BeginRecordAsync(DateTime utc, CancellationToken cancellationToken) =>
        Connection.BeginAsync(NextSequence, utc, cancellationToken);

    public void SendRecord(BulkMessage record)
    {
        NextSequence++;
        Connection.SendRecords(_options.Collection, record);
    }

    public async ValueTask SendLabelAsync(PendingLabel pending, CancellationToken cancellationToken)
    {
        var message = await Connection.BeginAsync(_labels + 1, Now, cancellationToken).ConfigureAwait(false);
        // 64-bit integers travel as text, as the format's own connectors write them.
        message.Write(_sourceSeq, pending.Sequence.ToString(CultureInfo.InvariantCulture));
        message.Write(_sourceTs, pending.RecordTime.ToString("O", CultureInfo.InvariantCulture));
        message.Write(_label, pending.Label);
        message.Write(_author, _options.Author);
        _labels++;
        Connection.SendLabel(message);
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}

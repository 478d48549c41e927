using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Mlops.Ingest;

/// <summary>What ingest counts and measures, and the meter through which others see it.</summary>
internal sealed class IngestInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Ingest";

    /// <summary>Messages taken from the bus. Unit: messages.</summary>
    public const string MessageCount = "mlops.ingest.messages";

    /// <summary>Records accepted. Unit: records.</summary>
    public const string RecordCount = "mlops.ingest.records";

    /// <summary>Payload of the messages taken. Unit: bytes.</summary>
    public const string ByteCount = "mlops.ingest.size";

    /// <summary>From the start of a group's commit until it is durable, retries included. Unit: seconds.</summary>
    public const string CommitDuration = "mlops.ingest.commit.duration";

    /// <summary>Records that were committed together. Unit: records.</summary>
    public const string GroupSize = "mlops.ingest.commit.size";

    /// <summary>Messages put aside because they could not be understood, with the tag <c>reason</c>, a <see cref="DeadLetterCause"/> in snake case. Unit: messages.</summary>
    public const string DeadLetterCount = "mlops.ingest.dead_letters";

    /// <summary>Dead letters that made room for newer ones or could not be written. Unit: messages.</summary>
    public const string DeadLettersDroppedCount = "mlops.ingest.dead_letters.dropped";

    /// <summary>Dead letters of which only the beginning of the payload was kept. Unit: messages.</summary>
    public const string DeadLettersCutCount = "mlops.ingest.dead_letters.cut";

    /// <summary>Records recognised as sent twice, and not stored again. Unit: records.</summary>
    public const string DuplicateCount = "mlops.ingest.duplicates";

    /// <summary>Numbers missing in the sequences of senders: data that never arrived. Unit: messages.</summary>
    public const string GapCount = "mlops.ingest.gaps";

    /// <summary>Messages that the broker had kept and that were taken before. Unit: messages.</summary>
    public const string RetainedCount = "mlops.ingest.retained_repeats";

    /// <summary>Values that did not fit their field or whose id is unknown. Unit: values.</summary>
    public const string MisfitCount = "mlops.ingest.misfits";

    /// <summary>Records that were accepted and could not be kept. Unit: records.</summary>
    public const string LostCount = "mlops.ingest.lost";

    /// <summary>Rows of cycles that were left out because the store could not keep up. Unit: records.</summary>
    public const string CyclesLeftOutCount = "mlops.ingest.cycles.left_out";

    /// <summary>Records between acceptance and commit. Unit: records.</summary>
    public const string PendingRecords = "mlops.ingest.pending.records";

    /// <summary>Memory between acceptance and commit. Unit: bytes.</summary>
    public const string PendingBytes = "mlops.ingest.pending.size";

    /// <summary>Values that wait for the metadata that explains them. Unit: messages.</summary>
    public const string BufferedCount = "mlops.ingest.buffered";

    private readonly Meter _meter;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _groupSize;
    private readonly Lock _healthLock = new();
    private Func<(int Records, long Bytes)> _pending = static () => default;
    private Func<int> _buffered = static () => 0;
    private long _lost;

    public IngestInstruments(DeadLetterTally letters, IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _meter.CreateObservableCounter(MessageCount, () => Volatile.Read(ref Messages), "{message}", "Messages taken from the bus.");
        _meter.CreateObservableCounter(RecordCount, () => Volatile.Read(ref Records), "{record}", "Records accepted.");
        _meter.CreateObservableCounter(ByteCount, () => Volatile.Read(ref Bytes), "By", "Payload of the messages taken.");
        _meter.CreateObservableCounter(DeadLetterCount, () => letters.Causes().Select(c => new Measurement<long>(c.Value, [new("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Key.ToString()))])), "{message}", "Messages put aside because they could not be understood.");
        _meter.CreateObservableCounter(DeadLettersDroppedCount, () => letters.Dropped, "{message}", "Dead letters that made room for newer ones or could not be written.");
        _meter.CreateObservableCounter(DeadLettersCutCount, () => letters.Cut, "{message}", "Dead letters of which only the beginning was kept.");
        _meter.CreateObservableCounter(DuplicateCount, () => Volatile.Read(ref Duplicates), "{record}", "Records recognised as sent twice.");
        _meter.CreateObservableCounter(GapCount, () => Volatile.Read(ref Gaps), "{message}", "Numbers missing in the sequences of senders.");
        _meter.CreateObservableCounter(RetainedCount, () => Volatile.Read(ref Retained), "{message}", "Kept messages that were taken before.");
        _meter.CreateObservableCounter(MisfitCount, () => Volatile.Read(ref Misfits), "{value}", "Values that did not fit their field or whose id is unknown.");
        _meter.CreateObservableCounter(LostCount, () => Lost, "{record}", "Records that were accepted and could not be kept.");
        _meter.CreateObservableCounter(CyclesLeftOutCount, () => Volatile.Read(ref CyclesLeftOut), "{record}", "Rows of cycles left out because the store could not keep up.");
        _meter.CreateObservableGauge(PendingRecords, () => _pending().Records, "{record}", "Records between acceptance and commit.");
        _meter.CreateObservableGauge(PendingBytes, () => _pending().Bytes, "By", "Memory between acceptance and commit.");
        _meter.CreateObservableGauge(BufferedCount, () => _buffered(), "{message}", "Values that wait for their metadata.");
        _commitDuration = _meter.CreateHistogram<double>(CommitDuration, "s", "Time until a group is durable.");
        _groupSize = _meter.CreateHistogram<int>(GroupSize, "{record}", "Records committed together.");
    }

    // Written under the gate of the pipeline, where an interlocked operation each would be a waste.
    public long Messages;
    public long Records;
    public long Bytes;
    public long Duplicates;
    public long Gaps;
    public long Misfits;
    public long Retained;
    public long CyclesLeftOut;

    public long Lost => Interlocked.Read(ref _lost);

    public (int Records, long Bytes) Pending => _pending();

    public int Buffered => _buffered();

    /// <summary>Gets why nothing can be stored now, and since when; <see langword="null"/> while all is well.</summary>
    public (string Reason, DateTimeOffset Since)? Trouble { get; private set; }

    public void Observe(Func<(int Records, long Bytes)> pending) => _pending = pending;

    public void ObserveBuffered(Func<int> buffered) => _buffered = buffered;

    public void RecordsLost(int count) => Interlocked.Add(ref _lost, count);

    public void Committed(TimeSpan duration, int records)
    {
        _commitDuration.Record(duration.TotalSeconds);
        if (records > 0)
            _groupSize.Record(records);
    }

    /// <summary>Remembers that the store refuses.</summary>
    /// <returns>True when that is news.</returns>
    public bool Refused(string reason, DateTimeOffset now)
    {
        lock (_healthLock)
        {
            bool news = Trouble is null;
            Trouble = (reason, Trouble?.Since ?? now);
            return news;
        }
    }

    /// <summary>Remembers that the store takes records.</summary>
    /// <returns>True when that is news.</returns>
    public bool Accepted()
    {
        lock (_healthLock)
        {
            bool news = Trouble is not null;
            Trouble = null;
            return news;
        }
    }

    public void Dispose() => _meter.Dispose();
}

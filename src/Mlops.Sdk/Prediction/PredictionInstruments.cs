using System.Diagnostics.Metrics;

namespace Mlops.Prediction;

/// <summary>What the prediction stage counts and times; every instrument carries the tag <c>deployment</c>.</summary>
internal sealed class PredictionInstruments(IMeterFactory meters)
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Prediction";

    /// <summary>Records answered, counter, {record}.</summary>
    public const string AnsweredName = "mlops.prediction.answered";

    /// <summary>Records that the code could not answer, counter, {record}.</summary>
    public const string UnanswerableName = "mlops.prediction.unanswerable";

    /// <summary>Records left out on purpose (missing values, delivery latest), counter, {record}.</summary>
    public const string SkippedName = "mlops.prediction.skipped";

    /// <summary>Answers too old to be published, counter, {record}.</summary>
    public const string ExpiredName = "mlops.prediction.expired";

    /// <summary>Answers that the broker has taken, counter, {record}.</summary>
    public const string PublishedName = "mlops.prediction.published";

    /// <summary>From bytes read at the socket to the predictor called, histogram, s.</summary>
    public const string IngestDurationName = "mlops.prediction.ingest.duration";

    /// <summary>One batch call, histogram, s.</summary>
    public const string ComputeDurationName = "mlops.prediction.compute.duration";

    /// <summary>Records in one batch call, histogram, {record}.</summary>
    public const string BatchSizeName = "mlops.prediction.batch.size";

    private readonly Meter _meter = meters.Create(MeterName);

    public Counter<long> Answered => field ??= _meter.CreateCounter<long>(AnsweredName, "{record}");

    public Counter<long> Unanswerable => field ??= _meter.CreateCounter<long>(UnanswerableName, "{record}");

    public Counter<long> Skipped => field ??= _meter.CreateCounter<long>(SkippedName, "{record}");

    public Counter<long> Expired => field ??= _meter.CreateCounter<long>(ExpiredName, "{record}");

    public Counter<long> Published => field ??= _meter.CreateCounter<long>(PublishedName, "{record}");

    public Histogram<double> IngestDuration => field ??= _meter.CreateHistogram<double>(IngestDurationName, "s");

    public Histogram<double> ComputeDuration => field ??= _meter.CreateHistogram<double>(ComputeDurationName, "s");

    public Histogram<int> BatchSize => field ??= _meter.CreateHistogram<int>(BatchSizeName, "{record}");
}

using System.Diagnostics.Metrics;

namespace Mlops.Prediction;

/// <summary>What the prediction stage counts and times; every instrument carries the tag <c>deployment</c> unless it says otherwise.</summary>
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

    /// <summary>Share of the newest labelled answers that match their label, gauge, 1; also tagged <c>model</c> and <c>shadow</c>.</summary>
    public const string AccuracyName = "mlops.prediction.accuracy";

    /// <summary>Macro F1 of the newest labelled answers, gauge, 1; tagged like the accuracy.</summary>
    public const string MacroF1Name = "mlops.prediction.macro_f1";

    /// <summary>Mean absolute error of the newest labelled answers, gauge, unit of the answer; tagged like the accuracy.</summary>
    public const string MeanAbsoluteErrorName = "mlops.prediction.mae";

    /// <summary>Root mean square error of the newest labelled answers, gauge, unit of the answer; tagged like the accuracy.</summary>
    public const string RootMeanSquareErrorName = "mlops.prediction.rmse";

    /// <summary>Share of a shadow's answers that match the production model's, gauge, 1; also tagged <c>model</c>.</summary>
    public const string AgreementName = "mlops.prediction.agreement";

    /// <summary>Population stability index of the newest records against the training data, gauge, 1; also tagged <c>feature</c>.</summary>
    public const string DriftPsiName = "mlops.prediction.drift.psi";

    /// <summary>Kolmogorov-Smirnov distance of the newest records from the training data, gauge, 1; also tagged <c>feature</c>.</summary>
    public const string DriftKsName = "mlops.prediction.drift.ks";

    /// <summary>Retrainings that triggers have begun, counter, {retraining}; tagged <c>trigger</c> instead.</summary>
    public const string RetrainingsName = "mlops.prediction.retrainings";

    private readonly Meter _meter = meters.Create(MeterName);

    public Counter<long> Answered => field ??= _meter.CreateCounter<long>(AnsweredName, "{record}");

    public Counter<long> Unanswerable => field ??= _meter.CreateCounter<long>(UnanswerableName, "{record}");

    public Counter<long> Skipped => field ??= _meter.CreateCounter<long>(SkippedName, "{record}");

    public Counter<long> Expired => field ??= _meter.CreateCounter<long>(ExpiredName, "{record}");

    public Counter<long> Published => field ??= _meter.CreateCounter<long>(PublishedName, "{record}");

    public Counter<long> Retrainings => field ??= _meter.CreateCounter<long>(RetrainingsName, "{retraining}");

    public Histogram<double> IngestDuration => field ??= _meter.CreateHistogram<double>(IngestDurationName, "s");

    public Histogram<double> ComputeDuration => field ??= _meter.CreateHistogram<double>(ComputeDurationName, "s");

    public Histogram<int> BatchSize => field ??= _meter.CreateHistogram<int>(BatchSizeName, "{record}");

    /// <summary>Shows figures whenever somebody looks.</summary>
    public void Show(string name, string description, Func<IEnumerable<Measurement<double>>> figures) => _meter.CreateObservableGauge(name, figures, "1", description);
}

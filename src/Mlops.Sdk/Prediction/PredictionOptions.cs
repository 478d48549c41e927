using System.ComponentModel.DataAnnotations;

namespace Mlops.Prediction;

/// <summary>Settings of the prediction stage, section <c>Mlops:Prediction</c>.</summary>
public sealed class PredictionOptions
{
    /// <summary>Gets or sets how many waiting records one call may answer.</summary>
    /// <value>Default 256.</value>
    [Range(1, 65_536)]
    public int MaxBatch { get; set; } = 256;

    /// <summary>Gets or sets how long answers may wait for company before they are stored together.</summary>
    /// <value>Default 20 ms. Publishing does not wait for it.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets or sets how many batches of answers may wait to be stored before prediction pauses.</summary>
    /// <value>Default 512.</value>
    [Range(1, 100_000)]
    public int MaxUnstoredBatches { get; set; } = 512;

    /// <summary>Gets or sets how many publications may be on their way to an outside broker.</summary>
    /// <value>Default 64.</value>
    [Range(1, 10_000)]
    public int MaxUnpublished { get; set; } = 64;

    /// <summary>Gets or sets the longest pause before a failing model or a lost broker is tried again.</summary>
    /// <value>Default 30 s; the first pause is 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many of the newest labelled answers of a model its windowed figures are about.</summary>
    /// <value>Default 1,000.</value>
    [Range(10, 100_000)]
    public int QualityWindow { get; set; } = 1000;

    /// <summary>Gets or sets how long new labels may wait for company before answers are compared with them.</summary>
    /// <value>Default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan QualityInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long a label waits for the answer, or the record, that it is about.</summary>
    /// <value>Default 10 min, counted from when the label was stored.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan LabelPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets how many of the newest records drift is measured over.</summary>
    /// <value>Default 1,000; measured again each time a tenth of them is new.</value>
    [Range(20, 1_000_000)]
    public int DriftWindow { get; set; } = 1000;

    /// <summary>Gets or sets the population stability index from which a deployment counts as drifted.</summary>
    /// <value>Default 0.25.</value>
    [Range(0.001, 100)]
    public double DriftThreshold { get; set; } = 0.25;

    /// <summary>Gets or sets the population stability index below which all must be before a deployment counts as drifted no more.</summary>
    /// <value>Default 0.1; no higher than <see cref="DriftThreshold"/>.</value>
    [Range(0, 100)]
    public double DriftEnd { get; set; } = 0.1;

    /// <summary>Gets or sets how often triggers of retrainings are looked at.</summary>
    /// <value>Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan TriggerInterval { get; set; } = TimeSpan.FromSeconds(10);
}

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
}

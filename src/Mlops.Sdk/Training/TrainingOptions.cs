using System.ComponentModel.DataAnnotations;

namespace Mlops.Training;

/// <summary>Settings of training, section <c>Mlops:Training</c>.</summary>
public sealed class TrainingOptions
{
    /// <summary>Gets or sets how many trainings run at the same time; others wait in order.</summary>
    /// <value>Default 1.</value>
    [Range(1, 64)]
    public int MaxParallel { get; set; } = 1;

    /// <summary>Gets or sets how many trainings may wait; more are refused.</summary>
    /// <value>Default 1,000.</value>
    [Range(1, 100_000)]
    public int MaxQueued { get; set; } = 1000;

    /// <summary>Gets or sets how often progress is stored and announced at most.</summary>
    /// <value>Default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how many of the last lines of a training's output are kept.</summary>
    /// <value>Default 1,000; a line is cut after 4,000 characters.</value>
    [Range(0, 100_000)]
    public int LogLines { get; set; } = 1000;

    /// <summary>Gets or sets how many values of one metric are kept by step; when there are more, every second one is dropped.</summary>
    /// <value>Default 1,000; up to 100 metrics.</value>
    [Range(2, 100_000)]
    public int MetricPoints { get; set; } = 1000;
}

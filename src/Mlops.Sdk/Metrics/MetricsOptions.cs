using System.ComponentModel.DataAnnotations;

namespace Mlops.Metrics;

/// <summary>Settings of measuring, section <c>Mlops:Metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>Gets or sets how often memory, processor and energy are read while a run is measured.</summary>
    /// <value>Default 250 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:05")]
    public TimeSpan SampleInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets the thermal design power of all processors together, when the system does not tell its energy.</summary>
    /// <value>Watts; default null: looked up by the processor's name.</value>
    [Range(0.1, 10_000)]
    public double? ProcessorTdpWatts { get; set; }
}

using System.Text.Json.Serialization;

namespace Demo.Report;

/// <summary>The content of report.json.</summary>
internal sealed record DemoReport
{
    public required string Source { get; init; }

    public required string Workflow { get; init; }

    public required long Records { get; init; }

    public required long Predictions { get; init; }

    public required double? Accuracy { get; init; }

    /// <summary>Gets what the best possible classifier would reach; null where nobody knows.</summary>
    public required double? BestAccuracy { get; init; }

    [JsonPropertyName("macroF1")]
    public required double? MacroF1 { get; init; }

    /// <summary>Gets the part of a quantity's variance that the answers explain; null where classes are answered.</summary>
    public required double? R2 { get; init; }

    /// <summary>Gets the mean absolute error of a quantity; null where classes are answered.</summary>
    public required double? Mae { get; init; }

    public required double? TrainingSeconds { get; init; }

    public required PredictionTimes PredictionMs { get; init; }

    [JsonPropertyName("peakMemoryMiB")]
    public required double PeakMemoryMiB { get; init; }

    public required double PeakCpuPercent { get; init; }

    public required double EnergyWh { get; init; }

    public required string EnergyMethod { get; init; }

    /// <summary>Gets where the model answered: in-process, worker or onnx.</summary>
    public required string Mode { get; init; }

    public required DateTimeOffset Finished { get; init; }

    internal sealed record PredictionTimes(double? IngestP50, double? ComputeP50, double? TotalP50, double? TotalP99);
}

using System.Diagnostics.Metrics;

namespace Mlops.Training;

/// <summary>The instruments of trainings, meter <c>Mlops.Training</c>.</summary>
internal sealed class TrainingInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Training";

    /// <summary>Histogram, seconds: from queued to ended; tags <c>workflow</c> and <c>state</c> (succeeded, failed, cancelled).</summary>
    public const string Duration = "mlops.training.duration";

    /// <summary>Gauge, trainings: how many run.</summary>
    public const string Running = "mlops.training.running";

    /// <summary>Gauge, trainings: how many wait.</summary>
    public const string Queued = "mlops.training.queued";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration;

    public TrainingInstruments(TrainingBoard board)
    {
        _duration = _meter.CreateHistogram<double>(Duration, "s", "Time from queued to ended");
        _meter.CreateObservableGauge(Running, () => board.Count(TrainingState.Running), "{training}", "Trainings that run");
        _meter.CreateObservableGauge(Queued, () => board.Count(TrainingState.Queued), "{training}", "Trainings that wait");
    }

    public void Ended(TrainingInfo info) => _duration.Record(
        ((info.Ended ?? info.Created) - info.Created).TotalSeconds,
        new KeyValuePair<string, object?>("workflow", info.Workflow),
        new KeyValuePair<string, object?>("state", info.State.ToString().ToLowerInvariant()));

    public void Dispose() => _meter.Dispose();
}

namespace Mlops.Training;

/// <summary>What trainings said while they ran; kept with the training after it has ended. Thread-safe.</summary>
internal interface ITrainingJournal
{
    /// <summary>Returns the last lines of a training's output, oldest first; empty when there is no such training.</summary>
    IReadOnlyList<RunLogLine> Log(string id);

    /// <summary>Returns the metrics of a training by step, in the order of the steps of each; empty when there is no such training.</summary>
    IReadOnlyList<MetricPoint> History(string id);
}

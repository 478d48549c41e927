namespace Mlops.Workflows;

/// <summary>Hears what a training says while it runs. Calls come one at a time.</summary>
public interface ITrainingObserver
{
    /// <summary>Takes progress.</summary>
    /// <param name="fraction">From 0 to 1.</param>
    /// <param name="text">What is being done; may be empty.</param>
    void Progress(double fraction, string text);

    /// <summary>Takes a metric.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="step">The step it belongs to; <see langword="null"/> for a final value.</param>
    void Metric(string name, double value, long? step);

    /// <summary>Takes a line of output.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="isError">Whether it came from standard error.</param>
    void Log(string line, bool isError);

    /// <summary>Takes the process that does the work, so that its memory and time can be measured.</summary>
    /// <param name="processId">Id of the process on this machine.</param>
    void Process(int processId);
}

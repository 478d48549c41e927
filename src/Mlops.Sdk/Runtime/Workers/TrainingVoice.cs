using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>Speaks to a training's observer: one call at a time, and no more lines than anybody reads.</summary>
internal sealed class TrainingVoice(ITrainingObserver observer)
{
    private const int MaxLines = 10_000;
    private readonly Lock _gate = new();
    private long _lines;

    public void Process(int id)
    {
        lock (_gate)
            observer.Process(id);
    }

    public void Progress(double fraction, string text)
    {
        lock (_gate)
            observer.Progress(double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1), text);
    }

    public void Metric(string name, double value, long? step)
    {
        lock (_gate)
            observer.Metric(name, value, step);
    }

    public void Log(string line, bool isError)
    {
        lock (_gate)
        {
            if (++_lines <= MaxLines)
                observer.Log(line, isError);
        }
    }

    /// <summary>Says how many lines were too many.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_lines > MaxLines)
                observer.Log($"{_lines - MaxLines} more lines were dropped; a training may print {MaxLines}.", isError: true);
        }
    }
}

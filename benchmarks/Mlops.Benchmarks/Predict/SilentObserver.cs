using Mlops.Workflows;

namespace Mlops.Benchmarks.Predict;

/// <summary>Trains in silence; what goes wrong comes as an exception.</summary>
internal sealed class SilentObserver : ITrainingObserver
{
    public void Progress(double fraction, string text)
    {
        // Nobody watches.
    }

    public void Metric(string name, double value, long? step)
    {
        // Nobody watches.
    }

    public void Log(string line, bool isError)
    {
        // Nobody watches.
    }

    public void Process(int processId)
    {
        // The training is not what is measured.
    }
}

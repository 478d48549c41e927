using Mlops.Workflows;

namespace Mlops.Benchmarks.Harness;

/// <summary>Wants to know nothing of a training but that its code runs.</summary>
internal sealed class QuietObserver : ITrainingObserver
{
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Began => _began.Task;

    public void Progress(double fraction, string text) => _began.TrySetResult();

    public void Metric(string name, double value, long? step)
    {
        // Nobody looks at it.
    }

    public void Log(string line, bool isError)
    {
        // Nobody reads it.
    }

    public void Process(int processId)
    {
        // Nobody measures it.
    }
}

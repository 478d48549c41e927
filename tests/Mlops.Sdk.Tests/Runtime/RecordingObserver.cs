using System.Collections.Concurrent;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Writes down what a training says, and lets a test wait for a line of it.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    private readonly ConcurrentQueue<string> _said = new();

    public IReadOnlyList<string> Said => [.. _said];

    public int ProcessId { get; private set; }

    public void Progress(double fraction, string text) => _said.Enqueue(FormattableString.Invariant($"progress {fraction} {text}"));

    public void Metric(string name, double value, long? step) => _said.Enqueue(FormattableString.Invariant($"metric {name} {value} {step}"));

    public void Log(string line, bool isError) => _said.Enqueue($"{(isError ? "error" : "out")} {line}");

    public void Process(int processId) => ProcessId = processId;

    public async Task HearsAsync(string said)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!_said.Contains(said))
            await Task.Delay(10, deadline.Token);
    }
}

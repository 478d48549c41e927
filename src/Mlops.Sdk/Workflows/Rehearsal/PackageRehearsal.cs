using Mlops.Data;

namespace Mlops.Workflows.Rehearsal;

/// <summary>
/// Tries a package before it counts: makes its environment ready, trains it on its sample data in a worker, and runs its golden
/// cases on that model. A package without sample data is tried when it is trained.
/// </summary>
internal static class PackageRehearsal
{
    /// <summary>Tries.</summary>
    /// <returns>How many golden cases passed; <see langword="null"/> when there was no sample data to train on.</returns>
    /// <exception cref="WorkflowException">Something is missing, the code failed, or a golden case did.</exception>
    public static async Task<long?> RunAsync(WorkflowPackage package, IWorkflowRuntime runtime, string modelFolder, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await runtime.PrepareAsync(package, cancellationToken).ConfigureAwait(false);
        if (package.Manifest.Sample is null)
            return null;
        WorkflowManifest manifest = package.Manifest;
        WorkflowPackage limited = package with { Manifest = manifest with { TrainTimeout = manifest.TrainTimeout < timeout ? manifest.TrainTimeout : timeout } };
        Directory.CreateDirectory(modelFolder);
        try
        {
            TrainingData data = SampleData.Read(package);
            var output = new LastOutput();
            TrainedModel trained;
            try
            {
                trained = await runtime.TrainAsync(new TrainingJob("upload", limited, data, manifest.Parameters, modelFolder), output, cancellationToken).ConfigureAwait(false);
            }
            catch (WorkflowException e)
            {
                throw new WorkflowException($"{manifest.Sample}: sample-training: {e.Message} Correct the code or the sample data.{output}", e.Traceback, e);
            }
            finally
            {
                foreach (RecordBatch batch in data.Batches)
                    batch.Dispose();
            }

            IReadOnlyList<string>? classes = trained.Classes ?? (manifest.Output.Classes is { Count: > 0 } declared ? declared : null);
            return manifest.Golden is null ? 0 : await GoldenAsync(package, runtime, modelFolder, data.Inputs, classes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(modelFolder, recursive: true);
        }
    }

    private static async Task<long> GoldenAsync(
        WorkflowPackage package, IWorkflowRuntime runtime, string modelFolder, FeedSchema inputs, IReadOnlyList<string>? classes, CancellationToken cancellationToken)
    {
        try
        {
            if (await GoldenCheck.RunAsync(package, runtime, modelFolder, inputs, classes, "The package was not installed.", cancellationToken).ConfigureAwait(false) is { } passed)
                return passed;
        }
        catch (WorkflowException e)
        {
            throw new WorkflowException($"{package.Manifest.Golden}: golden-case: {e.Message}", e.Traceback, e);
        }

        throw new WorkflowException(
            $"{package.Manifest.Golden}:1: golden-column: The columns of inputs are others than in {package.Manifest.Sample}: {string.Join(", ", inputs.Fields.Select(f => f.Name))}. Give the cases the same columns, and the expected answer.");
    }

    /// <summary>Keeps the last lines that a training prints, for its author.</summary>
    private sealed class LastOutput : ITrainingObserver
    {
        private const int MaxLines = 20;
        private readonly Queue<string> _lines = new();

        public void Log(string line, bool isError)
        {
            lock (_lines)
            {
                if (_lines.Count == MaxLines)
                    _lines.Dequeue();
                _lines.Enqueue(line);
            }
        }

        public void Progress(double fraction, string text)
        {
            // Nobody waits for the progress of a few rows.
        }

        public void Metric(string name, double value, long? step)
        {
            // The model goes, and its metrics with it.
        }

        public void Process(int processId)
        {
            // What an upload costs is not measured.
        }

        public override string ToString()
        {
            lock (_lines)
                return _lines.Count == 0 ? "" : $" Its last output:\n{string.Join('\n', _lines)}";
        }
    }
}

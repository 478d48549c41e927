using System.Text;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>A runtime whose code is C# of the test.</summary>
internal sealed class FakeRuntime : IWorkflowRuntime
{
    public string Kind { get; init; } = "python";

    public Func<TrainingJob, ITrainingObserver, CancellationToken, Task<TrainedModel>> Train { get; set; } = (job, observer, _) =>
    {
        observer.Progress(0.5, "half");
        observer.Metric("accuracy", 0.9, null);
        return Task.FromResult(Save(job));
    };

    /// <summary>Gets or sets what a loaded model answers for a row: label, or values of the fields.</summary>
    public Func<RecordBatch, int, object?[]> Predict { get; set; } = (_, _) => ["left", 1.0];

    public PredictorRequest? Loaded { get; private set; }

    public int Unloaded { get; private set; }

    public static TrainedModel Save(TrainingJob job, string content = "model")
    {
        Directory.CreateDirectory(Path.Combine(job.ModelFolder, "parts"));
        File.WriteAllText(Path.Combine(job.ModelFolder, "model.bin"), content);
        File.WriteAllText(Path.Combine(job.ModelFolder, "parts", "a.bin"), "a");
        return new TrainedModel(["left", "right"], new Dictionary<string, string> { ["python"] = "3.11" }, new Dictionary<string, double> { ["start"] = 0.25, ["fit"] = 1.5 });
    }

    public Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken) => Train(job, observer, cancellationToken);

    public Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        Loaded = request;
        File.Exists(Path.Combine(request.ModelFolder, "model.bin")).ShouldBeTrue();
        return Task.FromResult<IPredictor>(new Predictor(this, request.Package.Manifest.Output));
    }

    private sealed class Predictor(FakeRuntime runtime, WorkflowOutput output) : IPredictor
    {
        public FeedSchema Output { get; } = new("answers", output.Fields?.Select(f => new FeedField(f.Name, FieldType.Float64)) ?? [new("label", FieldType.Text), new("score", FieldType.Float64)]);

        public string Mode => "fake";

        public int? ProcessId => null;

        public ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            var builder = new RecordBatchBuilder(Output);
            for (int row = 0; row < batch.Count; row++)
            {
                object?[] values = runtime.Predict(batch, row);
                builder.BeginRow(batch.Timestamps[row]);
                for (int c = 0; c < values.Length; c++)
                {
                    if (values[c] is string text)
                        builder.SetText(c, Encoding.UTF8.GetBytes(text));
                    else if (values[c] is double number)
                        builder.SetFloat64(c, number);
                }

                builder.EndRow();
            }

            return ValueTask.FromResult(builder.Build());
        }

        public ValueTask DisposeAsync()
        {
            runtime.Unloaded++;
            return ValueTask.CompletedTask;
        }
    }
}

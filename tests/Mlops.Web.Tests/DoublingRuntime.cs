using System.Globalization;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Web.Tests;

/// <summary>A runtime whose models multiply their input by the factor they were trained with.</summary>
internal sealed class DoublingRuntime : IWorkflowRuntime
{
    private int _loads;

    public string Kind => "doubling";

    /// <summary>Gets how often a model was loaded.</summary>
    public int Loads => _loads;

    public async Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        string factor = Convert.ToString(job.Parameters.GetValueOrDefault("factor") ?? 2.0, CultureInfo.InvariantCulture)!;
        observer.Progress(0.5, "half way");
        observer.Metric("factor", double.Parse(factor, CultureInfo.InvariantCulture), 1);
        observer.Log("it learns <script>alert(1)</script>", isError: false);
        if (job.Parameters.GetValueOrDefault("wait") is true)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(job.ModelFolder, "model.txt"), factor, cancellationToken);
        return new TrainedModel(null, new Dictionary<string, string> { ["doubling"] = "1" }, new Dictionary<string, double>());
    }

    public async Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        return new Predictor(double.Parse(await File.ReadAllTextAsync(Path.Combine(request.ModelFolder, "model.txt"), cancellationToken), CultureInfo.InvariantCulture));
    }

    private sealed class Predictor(double factor) : IPredictor
    {
        private readonly RecordBatchBuilder _builder = new(new FeedSchema("answers", [new FeedField("twice", FieldType.Float64)]));

        private int _calls;

        public FeedSchema Output => _builder.Schema;

        public string Mode => "in-process";

        public int? ProcessId => null;

        public ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            // Callers promise one call at a time.
            if (Interlocked.Exchange(ref _calls, 1) != 0)
                throw new InvalidOperationException("Two calls at a time.");
            Column column = batch.Column(0);
            for (int row = 0; row < batch.Count; row++)
            {
                _builder.BeginRow(0);
                if (column.IsValid(row))
                    _builder.SetFloat64(0, column.Values<double>()[row] * factor);
                _builder.EndRow();
            }

            RecordBatch answers = _builder.Build();
            Volatile.Write(ref _calls, 0);
            return ValueTask.FromResult(answers);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

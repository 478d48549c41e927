using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

/// <summary>A runtime whose models double their input; tests tell it when to fail.</summary>
internal sealed class StandInRuntime : IWorkflowRuntime
{
    public string Kind => "stand-in";

    /// <summary>Gets or sets what inputs are multiplied by.</summary>
    public double Factor { get; set; } = 2;

    /// <summary>Gets or sets what raises instead of answering.</summary>
    public Func<double, bool> Fails { get; set; } = _ => false;

    /// <summary>Gets or sets what is waited for before each answer.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>Gets the rows of each call.</summary>
    public List<int> Calls { get; } = [];

    public async Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(job.ModelFolder, "model.txt"), "factor 2", cancellationToken);
        return new TrainedModel(null, new Dictionary<string, string>(), new Dictionary<string, double>());
    }

    public Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken) => Task.FromResult<IPredictor>(new Predictor(this));

    private sealed class Predictor(StandInRuntime owner) : IPredictor
    {
        private readonly RecordBatchBuilder _builder = new(new FeedSchema("answers", [new FeedField("twice", FieldType.Float64)]));

        public FeedSchema Output => _builder.Schema;

        public string Mode => "in-process";

        public int? ProcessId => null;

        public async ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            await owner.Before().WaitAsync(cancellationToken);
            lock (owner.Calls)
                owner.Calls.Add(batch.Count);
            double[] inputs = batch.Column(0).Values<double>().ToArray();
            if (inputs.Any(owner.Fails))
                throw new WorkflowException($"cannot double {inputs.First(owner.Fails)}");
            foreach (double input in inputs)
            {
                _builder.BeginRow(0);
                _builder.SetFloat64(0, input * owner.Factor);
                _builder.EndRow();
            }

            return _builder.Build();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

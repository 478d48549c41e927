using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

/// <summary>
/// A runtime whose models multiply their input, or the sum of their inputs, by the factor they were trained with, or tell whether it is as large as the factor
/// when the workflow answers with classes; tests tell it when to fail.
/// </summary>
internal sealed class StandInRuntime : IWorkflowRuntime
{
    public string Kind => "stand-in";

    /// <summary>Gets or sets what inputs are multiplied by, instead of what the model learned.</summary>
    public double? Factor { get; set; }

    /// <summary>Gets or sets what raises instead of answering.</summary>
    public Func<double, bool> Fails { get; set; } = _ => false;

    /// <summary>Gets or sets the factor of models that raise whatever they are asked.</summary>
    public double? BrokenFactor { get; set; }

    /// <summary>Gets or sets where predictors say that they run.</summary>
    public string Mode { get; set; } = "in-process";

    /// <summary>Gets or sets what predictors say that keeps them from answering.</summary>
    public string? Interruption { get; set; }

    /// <summary>Gets or sets what is waited for before each answer.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>Gets or sets what is waited for in each training.</summary>
    public Func<Task> BeforeTraining { get; set; } = () => Task.CompletedTask;

    /// <summary>Gets the rows of each call.</summary>
    public List<int> Calls { get; } = [];

    public async Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        await BeforeTraining().WaitAsync(cancellationToken);
        string factor = Convert.ToString(job.Parameters.GetValueOrDefault("factor") ?? 2.0, CultureInfo.InvariantCulture)!;
        await File.WriteAllTextAsync(Path.Combine(job.ModelFolder, "model.txt"), factor, cancellationToken);
        return new TrainedModel(job.Package.Manifest.Output.Classes, new Dictionary<string, string> { ["stand-in"] = "1" }, new Dictionary<string, double>());
    }

    public async Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        double factor = double.Parse(await File.ReadAllTextAsync(Path.Combine(request.ModelFolder, "model.txt"), cancellationToken), CultureInfo.InvariantCulture);
        return new Predictor(this, factor, request.Package.Manifest.Output.Classes is not null);
    }

    private sealed class Predictor(StandInRuntime owner, double factor, bool classes) : IPredictor
    {
        private readonly RecordBatchBuilder _builder = new(new FeedSchema("answers", classes
            ? [new FeedField("label", FieldType.Text), new FeedField("score", FieldType.Float64)]
            : [new FeedField("twice", FieldType.Float64)]));

        public FeedSchema Output => _builder.Schema;

        public string Mode => owner.Mode;

        public PredictorMemory? Memory => new(4096, "counted");

        public string? Interruption => owner.Interruption;

        public int? ProcessId => null;

        public async ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            await owner.Before().WaitAsync(cancellationToken);
            lock (owner.Calls)
                owner.Calls.Add(batch.Count);
            if (factor.Equals(owner.BrokenFactor))
                throw new WorkflowException($"the model with factor {factor} is broken");
            double[] inputs = [.. Enumerable.Range(0, batch.Count).Select(row => Enumerable.Range(0, batch.Schema.Fields.Count).Sum(c => batch.Column(c).Values<double>()[row]))];
            if (inputs.Any(owner.Fails))
                throw new WorkflowException($"cannot double {inputs.First(owner.Fails)}");
            bool[] present = [.. Enumerable.Range(0, inputs.Length).Select(row => Enumerable.Range(0, batch.Schema.Fields.Count).All(c => batch.Column(c).IsValid(row)))];
            foreach ((double input, bool isPresent) in inputs.Zip(present))
            {
                _builder.BeginRow(0);
                if (isPresent && classes)
                    _builder.SetText(0, Encoding.UTF8.GetBytes(input >= factor ? "high" : "low"));
                else if (isPresent)
                    _builder.SetFloat64(0, input * (owner.Factor ?? factor));
                _builder.EndRow();
            }

            return _builder.Build();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;
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

    /// <summary>Gets or sets whether what raises is the record's fault.</summary>
    public bool BlamesRecords { get; set; }

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

    /// <summary>Gets the windows that predictors were asked for, by the position of the answered record.</summary>
    public ConcurrentDictionary<long, string> Windows { get; } = new();

    /// <summary>Gets the windows of the last training.</summary>
    public Dictionary<long, string> Trained { get; private set; } = [];

    /// <summary>Gets the truths of the windows of the last training.</summary>
    public Dictionary<long, object?> Truths { get; private set; } = [];

    /// <summary>Gets the rows of each call.</summary>
    public List<int> Calls { get; } = [];

    public async Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        await BeforeTraining().WaitAsync(cancellationToken);
        if (job.Package.Manifest.Window is { } window)
        {
            Trained = job.Data.Batches.SelectMany(b => WindowsOf(b, job.Data.Inputs.Fields.Count, window.Rows)).ToDictionary();
            if (job.Data.LabelType is not null)
                Truths = job.Data.Batches.SelectMany(b => Enumerable.Range(1, b.Count / window.Rows).Select(n => (n * window.Rows) - 1).Select(row => (b.Positions[row], b.Column(b.Schema.Fields.Count - 1).GetValue(row)))).ToDictionary();
        }

        string factor = Convert.ToString(job.Parameters.GetValueOrDefault("factor") ?? 2.0, CultureInfo.InvariantCulture)!;
        await File.WriteAllTextAsync(Path.Combine(job.ModelFolder, "model.txt"), factor, cancellationToken);
        return new TrainedModel(job.Package.Manifest.Output.Classes, new Dictionary<string, string> { ["stand-in"] = "1" }, new Dictionary<string, double>());
    }

    public async Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        double factor = double.Parse(await File.ReadAllTextAsync(Path.Combine(request.ModelFolder, "model.txt"), cancellationToken), CultureInfo.InvariantCulture);
        return new Predictor(this, factor, request.Package.Manifest.Output.Classes is not null, request.Package.Manifest.Window?.Rows);
    }

    private static IEnumerable<(long Position, string Text)> WindowsOf(RecordBatch batch, int inputs, int rows)
    {
        for (int first = 0; first < batch.Count; first += rows)
        {
            var text = new StringBuilder();
            for (int row = first; row < first + rows; row++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{batch.Timestamps[row]}");
                for (int column = 0; column < inputs; column++)
                    text.Append(CultureInfo.InvariantCulture, $" {(batch.Column(column).IsValid(row) ? batch.Column(column).Values<double>()[row] : null)}");
                text.Append(';');
            }

            yield return (batch.Positions[first + rows - 1], text.ToString());
        }
    }

    private sealed class Predictor(StandInRuntime owner, double factor, bool classes, int? window) : IPredictor
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
            if (window is { } rows)
                return AnswerWindows(batch, rows);
            double[] inputs = [.. Enumerable.Range(0, batch.Count).Select(row => Enumerable.Range(0, batch.Schema.Fields.Count).Sum(c => batch.Column(c).Values<double>()[row]))];
            if (inputs.Any(owner.Fails))
                throw new WorkflowException($"cannot double {inputs.First(owner.Fails)}") { IsOfRecord = owner.BlamesRecords };
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

        // The last value of the first input.
        private RecordBatch AnswerWindows(RecordBatch batch, int rows)
        {
            foreach ((long position, string text) in WindowsOf(batch, batch.Schema.Fields.Count, rows))
                owner.Windows.AddOrUpdate(position, text, (_, before) => before == text ? text : $"{before} and then {text}");
            for (int row = rows - 1; row < batch.Count; row += rows)
            {
                _builder.BeginRow(batch.Timestamps[row]);
                if (batch.Column(0).IsValid(row) && !classes)
                    _builder.SetFloat64(0, batch.Column(0).Values<double>()[row]);
                _builder.EndRow();
            }

            return _builder.Build();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>
/// The process of a host that only runs a workflow package: trains it, loads it inside the process and in a worker, lets both answer the
/// same record, says "answers JSON", and ends when its input does.
/// </summary>
internal static class WorkflowChild
{
    public const string Verb = "workflow";

    private static readonly FeedSchema s_inputs = new("workflow", [new FeedField("x", FieldType.Float64), new FeedField("name", FieldType.Text)]);

    public static async Task RunAsync(string dataFolder, string packageFolder, IEnumerable<string> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", dataFolder)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).ToDictionary(s => $"Mlops:{s[0]}", s => (string?)s[1]));
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddPython();
        using IHost host = builder.Build();
        IWorkflowRuntime runtime = host.Services.GetServices<IWorkflowRuntime>().Single();

        var manifest = new WorkflowManifest
        {
            Name = "child",
            Version = "1.0.0",
            Runtime = "python",
            Label = "side",
            Output = new WorkflowOutput { Classes = ["left", "right"] },
        };
        var package = new WorkflowPackage(manifest, "child", packageFolder, Trusted: true);
        string model = Directory.CreateDirectory(Path.Combine(dataFolder, "model")).FullName;
        using RecordBatch rows = Rows(withLabel: true);
        TrainedModel trained = await runtime.TrainAsync(
            new TrainingJob("t", package, new TrainingData { Inputs = s_inputs, LabelType = FieldType.Text, Batches = [rows] }, new Dictionary<string, object?>(), model),
            new Silence(),
            CancellationToken.None);
        var answers = new Dictionary<string, string?[]>();
        var predictors = new List<IPredictor>();
        foreach (bool trusted in (bool[])[true, false])
        {
            IPredictor predictor = await runtime.LoadAsync(new PredictorRequest(package with { Trusted = trusted }, model, s_inputs, trained.Classes, 64), CancellationToken.None);
            predictors.Add(predictor);
            using RecordBatch batch = Rows(withLabel: false);
            using RecordBatch answer = await predictor.PredictAsync(batch);
            answers[predictor.Mode] = [.. Enumerable.Range(0, answer.Count).Select(row => (string?)answer.Column(0).GetValue(row))];
        }

        Console.WriteLine($"answers {JsonSerializer.Serialize(answers)}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nothing else to do than to live.
        }

        foreach (IPredictor predictor in predictors)
            await predictor.DisposeAsync();
    }

    private static RecordBatch Rows(bool withLabel)
    {
        var builder = new RecordBatchBuilder(withLabel ? new FeedSchema("workflow", [.. s_inputs.Fields, new FeedField("side", FieldType.Text)]) : s_inputs);
        for (int row = 0; row < 8; row++)
        {
            builder.BeginRow(row);
            builder.SetFloat64(0, row);
            if (row != 2)
                builder.SetText(1, Encoding.UTF8.GetBytes($"part {row}"));
            if (withLabel)
                builder.SetText(2, row < 4 ? "left"u8 : "right"u8);
            builder.EndRow();
        }

        return builder.Build();
    }

    private sealed class Silence : ITrainingObserver
    {
        public void Progress(double fraction, string text) => Console.Error.WriteLine($"{fraction} {text}");

        public void Metric(string name, double value, long? step) => Console.Error.WriteLine($"{name} {value}");

        public void Log(string line, bool isError) => Console.Error.WriteLine(line);

        public void Process(int processId) => Console.Error.WriteLine($"process {processId}");
    }
}

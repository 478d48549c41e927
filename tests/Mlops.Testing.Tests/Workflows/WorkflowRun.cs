using System.Diagnostics;
using System.Text.Json;

namespace Mlops.Testing.Tests.Workflows;

/// <summary>Trains a sample workflow on one CSV and answers another in a Python process of its own.</summary>
internal sealed record WorkflowRun(
    double Accuracy,
    string[] Answers,
    string[] Alone,
    Dictionary<string, double> Metrics,
    double[] Progress,
    int Rows,
    int[] ProbabilitiesShape,
    double ProbabilitySumsOff,
    double PeakMiB,
    bool PandasImported,
    double? PlainAccuracy)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<WorkflowRun> Train(string workflow, string training, string test, string label, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("workflow-").FullName;
        try
        {
            var files = (Training: Path.Combine(folder, "training.csv"), Test: Path.Combine(folder, "test.csv"));
            await File.WriteAllTextAsync(files.Training, training);
            await File.WriteAllTextAsync(files.Test, test);
            string[] arguments = [Path.Combine(AppContext.BaseDirectory, "workflows", workflow), files.Training, files.Test, label, .. options];
            var output = await Python([Path.Combine(AppContext.BaseDirectory, "Workflows", "run_workflow.py"), .. arguments]);
            return JsonSerializer.Deserialize<WorkflowRun>(output, Json)!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Python(string[] arguments)
    {
        var python = Environment.GetEnvironmentVariable("MLOPS_PYTHON") ?? "/usr/bin/python3";
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        process.ExitCode.ShouldBe(0, await errors);
        return await output;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Mlops.Scenarios.Tests.Nodes;

namespace Mlops.Scenarios.Tests;

/// <summary>Workflows in a host of their own: with a Python of its own, and killed.</summary>
public sealed class WorkflowHostTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-host-").FullName;

    [Fact]
    public async Task Workflow_PythonWithoutNumPy_TrainsAndPredictsInProcessAndInAWorker()
    {
        string python = await VirtualEnvironmentAsync();
        await using RunningProcess host = Start("""
            try:
                import numpy
            except ImportError:
                numpy = None

            def train(data, params, run):
                if numpy is not None: raise RuntimeError("this is to run without NumPy")
                lefts = [x for x, side in zip(data["x"], data.labels) if side == "left"]
                run.metric("rows", data.rows)
                return {"most": max(lefts), "unnamed": data["name"].count(None)}

            def predict(model, batch):
                assert numpy is None and isinstance(batch["x"], memoryview) and batch["x"].readonly
                assert batch["name"].index(None) == 2 and list(batch.timestamps) == list(range(batch.rows))
                labels = ["left" if x <= model["most"] else "right" for x in batch["x"]]
                return labels, [[0.9, 0.1] if label == "left" else [0.1, 0.9] for label in labels]
            """, $"Python:Executable={python}");

        string answers = (await host.WaitForAsync(@"(?m)^answers (.*)$", s_patience)).Groups[1].Value;

        string[] expected = ["left", "left", "left", "left", "right", "right", "right", "right"];
        Dictionary<string, string[]> said = JsonSerializer.Deserialize<Dictionary<string, string[]>>(answers)!;
        said["worker"].ShouldBe(expected);
        said["in-process"].ShouldBe(expected);
        host.Output.ShouldContain("There is no NumPy, so workflows get memoryviews and lists in place of arrays.");
        await StopAsync(host);
    }

    [Fact]
    public async Task Host_IsKilled_WorkersAndThoseThatWaitEndToo()
    {
        await using RunningProcess host = Start("""
            def train(data, params, run): return None
            def predict(model, batch): return ["left"] * batch.rows
            """, "Runtime:SpareWorkers=2");
        await host.WaitForAsync("(?m)^answers", s_patience);

        // A worker and two that wait, of three processes each, where the system permits process spaces.
        await UntilAsync(() => Workers().Count >= 3, "spare workers start");
        host.Kill();
        await host.WaitAsync(s_patience);

        await UntilAsync(() => Workers().Count == 0, "no worker is left");
    }

    [Fact]
    public async Task Host_Stops_NoWorkerIsLeft()
    {
        await using RunningProcess host = Start("""
            def train(data, params, run): return None
            def predict(model, batch): return ["left"] * batch.rows
            """, "Runtime:SpareWorkers=1");
        await host.WaitForAsync("(?m)^answers", s_patience);

        await StopAsync(host);

        await UntilAsync(() => Workers().Count == 0, "no worker is left");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task StopAsync(RunningProcess host)
    {
        host.EndInput();
        (await host.WaitAsync(s_patience)).ShouldBe(0, host.Output);
    }

    private RunningProcess Start(string source, params string[] settings)
    {
        string package = Directory.CreateDirectory(Path.Combine(_folder, "package")).FullName;
        File.WriteAllText(Path.Combine(package, "workflow.py"), source);
        string data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        return RunningProcess.Start("dotnet", ["exec", Assembly.GetExecutingAssembly().Location, WorkflowChild.Verb, data, package, .. settings], listens: true);
    }

    private async Task<string> VirtualEnvironmentAsync()
    {
        string folder = Path.Combine(_folder, "plain");
        await using RunningProcess maker = RunningProcess.Start("/usr/bin/python3", ["-m", "venv", "--without-pip", folder]);
        (await maker.WaitAsync(s_patience)).ShouldBe(0, maker.Output);
        return Path.Combine(folder, "bin", "python3");
    }

    /// <summary>The processes that import from the archive in the host's data folder.</summary>
    private List<string> Workers()
    {
        var found = new List<string>();
        foreach (string process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains(Path.Combine(_folder, "data", "runtime"), StringComparison.Ordinal))
                    found.Add(process);
            }
            catch (IOException)
            {
                // It has ended since.
            }
        }

        return found;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            waited.Elapsed.ShouldBeLessThan(s_patience, what);
            await Task.Delay(20);
        }
    }
}

using System.Text.Json;

namespace Mlops.Scenarios.Tests;

/// <summary>A root of its own for a run of the demo: artifacts go into a temporary folder, workflows come from the repository.</summary>
internal sealed class DemoFolder : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Demo.dll");

    public DemoFolder()
    {
        Folder = Directory.CreateTempSubdirectory("mlops-demo").FullName;
        Directory.CreateSymbolicLink(Path.Combine(Folder, "samples"), Path.Combine(Repository.Root, "samples"));
    }

    public string Folder { get; }

    public JsonElement Report => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "artifacts", "demo", "report.json"))).RootElement;

    public string Html => File.ReadAllText(Path.Combine(Folder, "artifacts", "demo", "report.html"));

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        await using RunningProcess demo = RunningProcess.Start("dotnet", [Program, "--root", Folder, .. args], Folder, environment);
        int exitCode = await demo.WaitAsync(TimeSpan.FromMinutes(4));
        return (exitCode, demo.Output);
    }

    // As the script "demo" starts it. A shell that runs the tests in its background has them, and all that they start, ignore Ctrl-C.
    public RunningProcess Start(params string[] args) =>
        RunningProcess.Start("env", ["--default-signal=INT", "MALLOC_ARENA_MAX=2", "dotnet", Program, "--root", Folder, .. args], Folder);

    public Task<(int ExitCode, string Output)> RunAsync(params string[] args) => RunAsync(new Dictionary<string, string>(), args);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

using System.Diagnostics;
using Mlops.Python.Tests.Locating;

namespace Mlops.Python.Tests.ChildProcess;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);

    /// <summary>Every interpreter of a supported version that this machine has.</summary>
    public static TheoryData<string> Interpreters => [.. Found().Distinct()];

    [Theory]
    [MemberData(nameof(Interpreters))]
    public async Task Embed_InterpreterOfThisMachine_Works(string executable)
    {
        var (exitCode, output) = await RunAsync("embed", executable);

        output.ShouldEndWith("passed");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Embed_VirtualEnvironment_IsTheOneInside()
    {
        using var folder = new TemporaryFolder();
        var environment = Machine.CreateVirtualEnvironment(Path.Combine(folder.Path, "env"));

        var (exitCode, output) = await RunAsync("embed", environment);

        output.ShouldEndWith("passed");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Start_FailuresAndOtherInstallations_AreClearErrors()
    {
        var (exitCode, output) = await RunAsync("start-twice", Machine.Real.Executable);

        output.ShouldEndWith("passed");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Exit_WhilePythonRuns_EndsTheProcessWithItsExitCode()
    {
        var (exitCode, output) = await RunAsync("exit-while-running", Machine.Real.Executable);

        output.ShouldBe("passed");
        exitCode.ShouldBe(7);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ChildProcessTests).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["PYTHONFAULTHANDLER"] = "1";
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(s_deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, (await error + await output).Trim());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static IEnumerable<string> Found()
    {
        yield return Machine.Real.Executable;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).ToList();
        var versions = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv", "versions");
        if (Directory.Exists(versions))
            folders.AddRange(Directory.GetDirectories(versions).Select(folder => Path.Combine(folder, "bin")));

        foreach (var path in folders.Select(folder => Path.Combine(folder, "python3")).Where(File.Exists))
        {
            PythonInstallation installation;
            try
            {
                installation = PythonLocator.Locate(new PythonLocatorOptions { Executable = path });
            }
            catch (PythonNotFoundException)
            {
                continue;
            }

            yield return installation.Executable;
        }
    }
}

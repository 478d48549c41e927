using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mlops.Workflows.Authors;

/// <summary>Runs the authors' command from its sources, as an installed one would be.</summary>
internal static class AuthorTool
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Gets the folder that holds the module and its pyproject.toml.</summary>
    public static string Folder { get; } = Path.Combine(Repository(), "src", "Mlops.Sdk", "Runtime", "Python");

    /// <summary>Runs <c>python -m mlops</c>.</summary>
    public static Task<(int Code, string Output, string Errors)> RunAsync(string folder, params string[] arguments) => PythonAsync(folder, "", Folder, ["-m", "mlops", .. arguments]);

    /// <summary>Runs a script that imports the module.</summary>
    public static async Task<string> ScriptAsync(string folder, string script, string input = "", string? path = null)
    {
        (int code, string output, string errors) = await PythonAsync(folder, input, path ?? Folder, "-c", script);
        code.ShouldBe(0, errors);
        return output;
    }

    private static async Task<(int Code, string Output, string Errors)> PythonAsync(string folder, string input, string path, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, ["-B", "-X", "utf8", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = path;
        using Process process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token), errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    // The sources are where this file was compiled, or, when built elsewhere, below MLOPS_TEST_ROOT.
    private static string Repository([CallerFilePath] string file = "") =>
        Environment.GetEnvironmentVariable("MLOPS_TEST_ROOT") is { Length: > 0 } root ? root : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", ".."));
}

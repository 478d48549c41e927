using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mlops.Onnx.Tests;

/// <summary>Runs the Python scripts that write what the tests read.</summary>
internal static class PythonScript
{
    private const string Debian = "/usr/bin/python3";

    public static async Task RunAsync(string script, params string[] arguments)
    {
        string here = Folder(), module = Path.GetFullPath(Path.Combine(here, "../../src/Mlops.Sdk/Runtime/Python"));
        var start = new ProcessStartInfo(File.Exists(Debian) ? Debian : "python3", ["-B", Path.Combine(here, "Conversion", script), module, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{script}: {output}{await errors}");
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Python;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Runtime.Environments;

/// <summary>Has the interpreter unpack the wheels of a package (mlops/_environment.py): it alone knows which ones suit it.</summary>
internal static class EnvironmentBuilder
{
    private const string Bootstrap = "import sys; sys.path.insert(0, sys.argv[1]); from mlops._environment import main; main()";

    /// <summary>Builds.</summary>
    /// <exception cref="WorkflowException">A wheel or a requirement does not suit this node, or the interpreter failed.</exception>
    public static async Task BuildAsync(WorkflowPackage package, string target, PythonInstallation python, string archive, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = WorkerLaunch.Prepare(python.Executable, Bootstrap, archive, Path.GetDirectoryName(target)!);
        using Process process = Start(package, start);
        try
        {
            var request = new EnvironmentRequest(Path.GetFullPath(package.Folder), Path.GetFullPath(target), package.Manifest.Requirements);
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(request, EnvironmentJson.Default.EnvironmentRequest).AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
            string answer = await output.ConfigureAwait(false);
            string said = await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0 || answer.Length == 0)
                throw new WorkflowException($"The environment of workflow {Title(package)} could not be made: {python.Executable} ended with {process.ExitCode}.\n{said}");
            if (JsonSerializer.Deserialize(answer, EnvironmentJson.Default.FindingArray) is { Length: > 0 } findings)
                throw FindingReport.ToException(package.Manifest.Name, findings);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(WorkflowPackage package, ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new WorkflowException($"The environment of workflow {Title(package)} could not be made: {start.FileName} does not start: {e.Message}", null, e);
        }
    }

    private static string Title(WorkflowPackage package) => $"'{package.Manifest.Name}' {package.Manifest.Version}";
}

internal sealed record EnvironmentRequest(string Package, string Target, IReadOnlyList<string> Requirements);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EnvironmentRequest))]
[JsonSerializable(typeof(Finding[]))]
internal sealed partial class EnvironmentJson : JsonSerializerContext;

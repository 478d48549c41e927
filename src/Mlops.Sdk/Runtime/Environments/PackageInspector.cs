using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Python;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Runtime.Environments;

/// <summary>Asks the interpreter what it finds wrong with a package, in a process of its own that runs nothing of it.</summary>
/// <param name="python">The interpreter.</param>
/// <param name="archive">Our Python code.</param>
internal sealed class PackageInspector(PythonInstallation python, string archive)
{
    /// <summary>Has it compile the package's own code (mlops/_syntax.py).</summary>
    /// <exception cref="WorkflowException">Some of it cannot be compiled, or the interpreter failed.</exception>
    public Task CheckCodeAsync(WorkflowPackage package, CancellationToken cancellationToken) => AskAsync(
        package, "_syntax", $"The code of workflow {Title(package)} could not be checked", JsonSerializer.Serialize(Path.GetFullPath(package.Folder), InspectionJson.Default.String),
        Path.GetDirectoryName(archive)!, cancellationToken);

    /// <summary>Has it unpack the package's wheels and check its requirements (mlops/_environment.py): it alone knows which ones suit it.</summary>
    /// <param name="package">The package.</param>
    /// <param name="target">Folder to be made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowException">A wheel or a requirement does not suit this node, or the interpreter failed.</exception>
    public Task BuildEnvironmentAsync(WorkflowPackage package, string target, CancellationToken cancellationToken) => AskAsync(
        package, "_environment", $"The environment of workflow {Title(package)} could not be made",
        JsonSerializer.Serialize(new EnvironmentRequest(Path.GetFullPath(package.Folder), Path.GetFullPath(target), package.Manifest.Requirements), InspectionJson.Default.EnvironmentRequest),
        Path.GetDirectoryName(target)!, cancellationToken);

    private static string Title(WorkflowPackage package) => $"'{package.Manifest.Name}' {package.Manifest.Version}";

    private async Task AskAsync(WorkflowPackage package, string module, string failure, string request, string folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = WorkerLaunch.Prepare(python.Executable, $"import sys; sys.path.insert(0, sys.argv[1]); from mlops.{module} import main; main()", archive, folder);
        using Process process = Start(start, failure);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(request.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
            string answer = await output.ConfigureAwait(false);
            string said = await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0 || answer.Length == 0)
                throw new WorkflowException($"{failure}: {python.Executable} ended with {process.ExitCode}.\n{said}");
            if (JsonSerializer.Deserialize(answer, InspectionJson.Default.FindingArray) is { Length: > 0 } findings)
                throw FindingReport.ToException(package.Manifest.Name, findings);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start, string failure)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new WorkflowException($"{failure}: {start.FileName} does not start: {e.Message}", null, e);
        }
    }
}

internal sealed record EnvironmentRequest(string Package, string Target, IReadOnlyList<string> Requirements);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EnvironmentRequest))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Finding[]))]
internal sealed partial class InspectionJson : JsonSerializerContext;

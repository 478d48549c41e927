using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>Starts the process of a worker: which arguments and which environment it gets.</summary>
internal static class WorkerLaunch
{
    private const string Bootstrap = "import sys; sys.path.insert(0, sys.argv[1]); from mlops._worker import main; main()";
    private const string SettingsVariable = "MLOPS_WORKER";

    // Isolated (-I): neither PYTHON* variables nor the user's own packages nor the working directory count. No byte code is written (-B).
    private static readonly string[] s_arguments = ["-I", "-B", "-X", "utf8", "-c"];

    // The rest of the host's environment may hold secrets, such as tokens in settings, and is none of the code's business.
    private static readonly string[] s_passedVariables =
        ["PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "SYSTEMROOT", "CUDA_VISIBLE_DEVICES"];

    private static readonly string[] s_threadVariables = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>Says how a child is started that runs code of the archive: alone with it, the standard library and the interpreter's packages.</summary>
    public static ProcessStartInfo Prepare(string executable, string bootstrap, string archive, string folder)
    {
        var start = new ProcessStartInfo(executable, [.. s_arguments, bootstrap, archive])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (string name in s_passedVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        return start;
    }

    public static Process Start(WorkerPlan plan, WorkerAddress address, string token, WorkerGroup? group)
    {
        ProcessStartInfo start = Prepare(plan.Python.Executable, Bootstrap, plan.Archive, address.Folder);
        foreach (string name in s_threadVariables)
            start.Environment[name] = plan.Threads.ToString(CultureInfo.InvariantCulture);

        // glibc gives each thread an arena of its own, up to eight a core: memory that a worker never gives back.
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        WorkerLimits limits = plan.Limits;
        if (limits.Containment != WorkerContainment.Off && !OperatingSystem.IsWindows())
        {
            // The only folder where it may write; it goes with the worker.
            start.Environment["HOME"] = start.Environment["TMPDIR"] = address.Folder;
        }

        (int nice, int share, TimeSpan slice) = WorkerPriority.AtStart(plan.Niceness);
        var settings = new SettingsMessage(
            address.Text, token, nice, share, (long)slice.TotalNanoseconds, plan.Niceness > 0, plan.Site, limits.Containment, limits.MemoryBytes, limits.Processes, limits.Folders, limits.DataFolder, group?.Folder);
        start.Environment[SettingsVariable] = JsonSerializer.Serialize(settings, WorkerJson.Default.SettingsMessage);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new WorkflowException($"Workflow {plan.Title}: {plan.Python.Executable} could not be started: {exception.Message}", null, exception);
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Mlops.Python;

namespace Mlops.Runtime.InProcess;

/// <summary>The one owner of the interpreter in this process: starts it, loads the Python side into it, and brings what workflows print to their logs.</summary>
internal static class InProcessEngine
{
    private static readonly Lock s_gate = new();
    private static readonly ConcurrentDictionary<string, LineAllowance> s_logs = new(StringComparer.Ordinal);
    private static bool s_isPrepared;

    /// <summary>Starts the interpreter unless it runs already.</summary>
    /// <exception cref="InvalidOperationException">Another interpreter runs in this process.</exception>
    /// <exception cref="DllNotFoundException">Its library does not load.</exception>
    public static PythonEngine Start(PythonInstallation installation, string archive, ILogger logger)
    {
        lock (s_gate)
        {
            PythonEngine engine = PythonEngine.Start(installation, new PythonEngineOptions { Logger = logger, Output = Print });
            s_logs.TryAdd("", new LineAllowance("", logger, TimeProvider.System));
            if (!s_isPrepared)
                engine.Run(py => Prepare(py, archive));
            s_isPrepared = true;
            return engine;
        }
    }

    /// <summary>Sends what is printed during calls of that tag to a log.</summary>
    public static void Route(string tag, ILogger logger) => s_logs[tag] = new LineAllowance(tag, logger, TimeProvider.System);

    private static void Prepare(PythonScope py, string archive)
    {
        using PythonObject sys = py.Import("sys");
        using PythonObject path = sys.GetAttribute("path");
        path.CallMethod("insert", 0, archive).Dispose();

        // Brings in all that prediction needs: the archive may be gone when a later model is loaded.
        py.Import("mlops._serve").Dispose();
        py.Import("mlops._memory").Dispose();
        using PythonObject streams = py.Import("mlops._streams");
        streams.CallMethod("install_logging").Dispose();
    }

    private static void Print(PythonOutputLine line)
    {
        if (s_logs.TryGetValue(line.Tag, out LineAllowance? lines) || s_logs.TryGetValue("", out lines))
            lines.Print(line.Text, line.IsError);
    }
}

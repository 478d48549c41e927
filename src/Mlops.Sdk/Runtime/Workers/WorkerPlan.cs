using Mlops.Python;

namespace Mlops.Runtime.Workers;

/// <summary>How a worker is started.</summary>
/// <param name="Title">What it works for, for messages: the workflow and its version.</param>
/// <param name="Python">The interpreter.</param>
/// <param name="Archive">Path of the zip with the Python side.</param>
/// <param name="Niceness">By how much its priority is lowered.</param>
/// <param name="Threads">Threads of numeric libraries.</param>
/// <param name="Limits">What it may use and reach.</param>
/// <param name="StartTimeout">How long it may take to report back.</param>
/// <param name="Status">Learns what contains it.</param>
/// <param name="Site">Folder with the libraries of its environment; <see langword="null"/> when it has only the interpreter's.</param>
internal sealed record WorkerPlan(
    string Title, PythonInstallation Python, string Archive, int Niceness, int Threads, WorkerLimits Limits, TimeSpan StartTimeout, PythonRuntimeStatus Status, string? Site = null);

namespace Mlops.Runtime.Workers;

/// <summary>What a worker may use and reach.</summary>
/// <param name="Containment">Whether the system's means are used.</param>
/// <param name="MemoryBytes">What each of its processes may allocate; 0 for no limit.</param>
/// <param name="Processes">Most processes and threads at a time.</param>
/// <param name="Folders">Folders that it may read besides its own.</param>
/// <param name="DataFolder">The node's, which it must not reach.</param>
internal sealed record WorkerLimits(WorkerContainment Containment, long MemoryBytes, int Processes, IReadOnlyList<string> Folders, string DataFolder)
{
    public static WorkerLimits Of(PythonRuntimeOptions options, string dataFolder) => new(
        options.Containment,
        options.WorkerMemoryMiB * 1024L * 1024,
        options.WorkerProcesses,
        [.. options.WorkerFolders.Select(Path.GetFullPath)],
        dataFolder);
}

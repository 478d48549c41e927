namespace Mlops.Runtime.Workers;

/// <summary>What a worker may use and reach.</summary>
/// <param name="Containment">Whether the system's means are used.</param>
/// <param name="MemoryBytes">What each of its processes may allocate; 0 for no limit.</param>
/// <param name="Processes">Most processes and threads at a time.</param>
/// <param name="Folders">Folders that it may read besides its own.</param>
/// <param name="DataFolder">The node's, which it must not reach.</param>
/// <param name="Groups">Folder in which it gets a control group of its own; <see langword="null"/> where there is none.</param>
internal sealed record WorkerLimits(WorkerContainment Containment, long MemoryBytes, int Processes, IReadOnlyList<string> Folders, string DataFolder, string? Groups)
{
    /// <summary>Equal limits are equal, whoever made them: a worker that waits suits everybody with the same.</summary>
    public bool Equals(WorkerLimits? other) =>
        other is not null
        && (Containment, MemoryBytes, Processes, DataFolder, Groups) == (other.Containment, other.MemoryBytes, other.Processes, other.DataFolder, other.Groups)
        && Folders.SequenceEqual(other.Folders);

    public override int GetHashCode() => HashCode.Combine(Containment, MemoryBytes, Processes, DataFolder, Groups);

    public static WorkerLimits Of(PythonRuntimeOptions options, string dataFolder) => new(
        options.Containment,
        options.WorkerMemoryMiB * 1024L * 1024,
        options.WorkerProcesses,
        [.. options.WorkerFolders.Select(Path.GetFullPath)],
        dataFolder,
        ControlGroups.Find(options.ControlGroup));
}

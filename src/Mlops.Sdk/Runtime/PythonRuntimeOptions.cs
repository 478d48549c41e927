using System.ComponentModel.DataAnnotations;

namespace Mlops.Runtime;

/// <summary>How Python code is run, section <c>Mlops:Runtime</c>.</summary>
public sealed class PythonRuntimeOptions
{
    /// <summary>Gets or sets which workflows predict inside the host's process; training never does.</summary>
    /// <value>Default <see cref="InProcessUse.Trusted"/>. A workflow that asks for isolation always gets a process of its own.</value>
    public InProcessUse InProcess { get; set; } = InProcessUse.Trusted;

    /// <summary>Gets or sets how many threads numeric libraries (OpenBLAS, OpenMP) use in a training.</summary>
    /// <value>1 to 64; default 2, on a machine with one core 1.</value>
    [Range(1, 64)]
    public int TrainingThreads { get; set; } = Math.Min(2, Environment.ProcessorCount);

    /// <summary>Gets or sets by how much the priority of a training is lowered.</summary>
    /// <value>0 (as the host) to 19 (only when nothing else runs), the nice value of Unix; default 10.</value>
    [Range(0, 19)]
    public int TrainingNiceness { get; set; } = 10;

    /// <summary>Gets or sets whether workers are contained by the means of the operating system.</summary>
    /// <value>Default <see cref="WorkerContainment.Prefer"/>. Other systems than Linux have the means for memory at most.</value>
    public WorkerContainment Containment { get; set; } = WorkerContainment.Prefer;

    /// <summary>Gets or sets how much memory each process of a worker may allocate; more raises MemoryError in its code.</summary>
    /// <value>Mebibytes, 0 for no limit. Default half of the memory that the host may use. Has no effect on Windows.</value>
    [Range(0, 1_048_576)]
    public int WorkerMemoryMiB { get; set; } = (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / 1024 / 1024, 512, 1_048_576);

    /// <summary>Gets or sets how many processes and threads a worker may have at a time.</summary>
    /// <value>16 to 4096; default 128.</value>
    [Range(16, 4096)]
    public int WorkerProcesses { get; set; } = 128;

    /// <summary>Gets or sets how many started workers wait, with common libraries imported, so that a swap or a restart takes little time.</summary>
    /// <value>0 to 16; default 1, on a machine with less than 1 GiB for the host 0. Each takes the memory of an interpreter with these libraries. None starts before a worker is used.</value>
    [Range(0, 16)]
    public int SpareWorkers { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >= 1L << 30 ? 1 : 0;

    /// <summary>Gets or sets the folder of a control group (cgroup v2) that is the host's to divide: each worker gets a group in it, which limits all its processes together.</summary>
    /// <value>Default <see langword="null"/>: the one that systemd gives a service with <c>Delegate=yes</c> and <c>DelegateSubgroup=</c>, else none; limits then hold for each process.</value>
    public string? ControlGroup { get; set; }

    /// <summary>Gets the folders that workers may read besides their package, their model and the system's libraries.</summary>
    /// <value>Default none.</value>
    public IList<string> WorkerFolders { get; } = [];

    /// <summary>Gets or sets how long a worker may take to start and report back.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long the import of a package and the loading of its model may take before it predicts.</summary>
    /// <value>Default 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(2);
}

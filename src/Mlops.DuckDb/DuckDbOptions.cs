namespace Mlops.DuckDb;

/// <summary>Bounds of an in-memory database: what it may use of memory, processors and disk, and which files its SQL may touch.</summary>
public sealed class DuckDbOptions
{
    /// <summary>Gets or sets how much memory the database may use, for all of its connections together; beyond it queries spill to <see cref="TempFolder"/> or fail.</summary>
    /// <value>Bytes; 128 MiB by default.</value>
    public long MemoryLimitBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Gets or sets how many threads run queries, for all connections together, the calling one included.</summary>
    /// <value>1 or more; the number of processors by default.</value>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Gets or sets the folder for what does not fit into memory. Made when it is needed, emptied when the database closes.</summary>
    /// <value>A path; null, the default, means no spilling: a query that needs more than the limit fails with <c>Out of Memory</c>.</value>
    public string? TempFolder { get; set; }

    /// <summary>Gets or sets how much of the disk spilling may take.</summary>
    /// <value>Bytes; null, the default, means nine tenths of what is free.</value>
    public long? MaxTempBytes { get; set; }

    /// <summary>Gets or sets whether SQL may read and write any file that the process may (<c>read_parquet</c>, <c>COPY</c>, <c>ATTACH</c>).</summary>
    /// <value>False by default: only what lies below <see cref="AllowedFolders"/> or is among <see cref="AllowedFiles"/>.</value>
    public bool AllowExternalFiles { get; set; }

    /// <summary>Gets the folders below which SQL may read and write files while <see cref="AllowExternalFiles"/> is false.</summary>
    /// <value>Paths, made absolute when the database opens; none by default.</value>
    public IList<string> AllowedFolders { get; } = [];

    /// <summary>Gets the single files that SQL may read and write as well while <see cref="AllowExternalFiles"/> is false.</summary>
    /// <value>Paths, made absolute when the database opens; none by default.</value>
    public IList<string> AllowedFiles { get; } = [];
}

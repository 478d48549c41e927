using System.Net;

namespace Demo;

/// <summary>What the command line asked for.</summary>
internal sealed record DemoOptions
{
    public bool Once { get; init; }

    public FileInfo? Csv { get; init; }

    public string? Label { get; init; }

    public string? Time { get; init; }

    public bool ChronologicalSplit { get; init; }

    /// <summary>Gets the data folder to keep and to resume from; null for a fresh one.</summary>
    public DirectoryInfo? Data { get; init; }

    /// <summary>Gets the outside broker; null for the embedded one.</summary>
    public DnsEndPoint? Broker { get; init; }

    /// <summary>Gets the port of REST and pages; 0 for a free one.</summary>
    public int Port { get; init; }

    public long Seed { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Gets where results go: artifacts/demo in the repository.</summary>
    public required string Artifacts { get; init; }

    /// <summary>Gets the folder with the sample workflows.</summary>
    public required string Workflows { get; init; }
}

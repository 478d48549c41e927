using System.ComponentModel.DataAnnotations;

namespace Mlops.Ingest;

/// <summary>Bounds of the folder <c>dead-letters</c>, section <c>Mlops:Ingest:DeadLetters</c>.</summary>
public sealed class DeadLetterOptions
{
    /// <summary>Gets or sets the size at which a file is closed and the next one begun.</summary>
    /// <value>Default 16 MiB.</value>
    [Range(1024, 1L << 40)]
    public long MaxFileBytes { get; set; } = 16 << 20;

    /// <summary>Gets or sets how many files are kept; the oldest goes first.</summary>
    /// <value>Default 4.</value>
    [Range(1, 1000)]
    public int MaxFiles { get; set; } = 4;

    /// <summary>Gets or sets how much of a payload is kept.</summary>
    /// <value>Default 64 KiB.</value>
    [Range(0, 1 << 24)]
    public int MaxPayloadBytes { get; set; } = 64 << 10;
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Mlops.Ingest.Assembly;

namespace Mlops.Ingest;

/// <summary>How data is taken in, section <c>Mlops:Ingest</c>.</summary>
public sealed class IngestOptions
{
    /// <summary>Gets or sets how long a group of messages may wait until it is committed, and acknowledged, together.</summary>
    /// <value>Default 50 ms; 1 ms to 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets or sets after how long without input a group is committed earlier.</summary>
    /// <value>Default 2 ms; at most <see cref="CommitInterval"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.000", "00:00:10", ParseLimitsInInvariantCulture = true)]
    public TimeSpan QuietInterval { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Gets or sets at how many records a group is committed at once.</summary>
    /// <value>Default 16,384.</value>
    [Range(1, 1_000_000)]
    public int MaxGroupRecords { get; set; } = 16_384;

    /// <summary>Gets or sets how many records may wait for their commit before connections are no longer read.</summary>
    /// <value>Default 65,536.</value>
    [Range(1, 10_000_000)]
    public int MaxPendingRecords { get; set; } = 65_536;

    /// <summary>Gets or sets how many bytes may wait for their commit before connections are no longer read.</summary>
    /// <value>Default 64 MiB.</value>
    [Range(1024, long.MaxValue)]
    public long MaxPendingBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets how many records of a feed are remembered to recognise a message that is sent twice.</summary>
    /// <value>Default 8,192; 0 recognises none.</value>
    [Range(0, 1_000_000)]
    public int DuplicateWindow { get; set; } = 8_192;

    /// <summary>Gets or sets how many fields a feed may have.</summary>
    /// <value>Default 16,384.</value>
    [Range(1, 100_000)]
    public int MaxFields { get; set; } = 16_384;

    /// <summary>Gets or sets what happens to messages that cannot be understood.</summary>
    [ValidateObjectMembers]
    public DeadLetterOptions DeadLetters { get; set; } = new();

    /// <summary>Gets or sets how rows are assembled where it is not one for each message.</summary>
    /// <value>Default none.</value>
    [ValidateEnumeratedItems]
    public IList<AssemblyOptions> Assembly { get; set; } = [];

    /// <summary>Gets or sets the topics that carry plain JSON.</summary>
    /// <value>Default none.</value>
    [ValidateEnumeratedItems]
    public IList<IngestSubscription> Subscriptions { get; set; } = [];
}

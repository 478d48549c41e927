using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A field of predictions, or of any other feed, that is written to a node. Every write is a record of the feed <c>writes</c> of the asset.</summary>
public sealed class OpcUaWriteBackSettings
{
    /// <summary>Gets or sets the feed.</summary>
    [Required]
    [Display(Name = "Feed", Description = "Id of the feed whose newest record is written: that of a deployment's predictions.")]
    public string Feed { get; set; } = "";

    /// <summary>Gets or sets the field.</summary>
    [Required]
    [Display(Name = "Field", Description = "Field of the feed, for example label or score.")]
    public string Field { get; set; } = "";

    /// <summary>Gets or sets the node.</summary>
    [Required]
    [Display(Name = "Node", Description = "Node to which it is written: an id or the column of a node that is read.")]
    public string Node { get; set; } = "";

    /// <summary>Gets or sets how often it is written at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Interval", Description = "How often it is written at most; in between the newest waits and older ones are left out.")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how old a record may be to be written.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Longest age", Description = "How long ago the record was accepted at most; older ones are never written, so that nothing acts on what was true before an outage.")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets a value indicating whether the same value is written again.</summary>
    [Display(Name = "Repeat", Description = "Whether a value that equals the one written last is written again.")]
    public bool Repeat { get; set; }
}

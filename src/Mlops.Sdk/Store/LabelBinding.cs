using System.ComponentModel.DataAnnotations;

namespace Mlops.Store;

/// <summary>Says that the records of one feed are labels for the records of another, section <c>Mlops:Labels</c>.</summary>
public sealed class LabelBinding
{
    /// <summary>Gets or sets the feed whose records are labels, for example <c>aoi1.line4.labels</c>.</summary>
    /// <value>Id of a feed.</value>
    [Required]
    public string From { get; set; } = "";

    /// <summary>Gets or sets the feed that they label.</summary>
    /// <value>Id of a feed.</value>
    [Required]
    public string Feed { get; set; } = "";

    /// <summary>Gets or sets the name of the label set they belong to.</summary>
    /// <value>Default <c>label</c>.</value>
    public string Set { get; set; } = "label";

    /// <summary>Gets or sets the field of <see cref="From"/> that holds the truth.</summary>
    /// <value>Default <c>label</c>.</value>
    public string ValueField { get; set; } = "label";

    /// <summary>Gets or sets the field of <see cref="From"/> that names the labelled record.</summary>
    /// <value>Default <c>source_seq</c>.</value>
    public string KeyField { get; set; } = "source_seq";

    /// <summary>Gets or sets the field of <see cref="Feed"/> with which it is compared.</summary>
    /// <value>A field's name, <c>_position</c> for the position (<c>source.row</c>), or empty (default) for the asset's message number.</value>
    public string TargetField { get; set; } = "";

    /// <summary>Gets or sets the field of <see cref="From"/> with the time from which on, where labels are about intervals; <see cref="KeyField"/> does not count then.</summary>
    /// <value>Default empty: labels name records. An instant, or text such as <c>2026-01-31T12:00:00Z</c>.</value>
    public string FromField { get; set; } = "";

    /// <summary>Gets or sets the field of <see cref="From"/> with the time up to which, exclusive, where labels are about intervals.</summary>
    /// <value>Default empty; to be set with <see cref="FromField"/>.</value>
    public string ToField { get; set; } = "";

    /// <summary>Gets or sets the field of <see cref="From"/> that says who labelled.</summary>
    /// <value>Default <c>author</c>; may be missing in the feed.</value>
    public string AuthorField { get; set; } = "author";
}

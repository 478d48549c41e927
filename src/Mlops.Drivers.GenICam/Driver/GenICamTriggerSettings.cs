using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>What triggers a frame.</summary>
public sealed class GenICamTriggerSettings
{
    /// <summary>Gets or sets the camera's source of triggers.</summary>
    [Display(Name = "Source", Description = "Software, or a line of the camera such as Line1.")]
    public string Source { get; set; } = Software;

    /// <summary>Gets or sets the topic whose messages trigger.</summary>
    [Display(Name = "Topic", Description = "With source Software: each MQTT message on this topic triggers a frame. + and # are allowed.")]
    public string? Topic { get; set; }

    /// <summary>Gets or sets the feed whose records trigger.</summary>
    [Display(Name = "Feed", Description = "With source Software: new records of this feed trigger a frame.")]
    public string? Feed { get; set; }

    /// <summary>Gets or sets the field of the feed that must become true.</summary>
    [Display(Name = "Field", Description = "A field of the feed: a frame is triggered each time it becomes true, or other than 0. Left out: by each new record.")]
    public string? Field { get; set; }

    internal const string Software = "Software";
}

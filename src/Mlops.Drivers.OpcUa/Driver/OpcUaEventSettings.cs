using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Which events make the records of a group, and what of them is kept.</summary>
public sealed class OpcUaEventSettings
{
    /// <summary>Gets or sets the node that notifies of events.</summary>
    [Display(Name = "Source", Description = "Node that notifies of events: the server (i=2253) of all, or an object of those below it.")]
    public string Source { get; set; } = "i=2253";

    /// <summary>Gets or sets the fields that become columns.</summary>
    [MinLength(1)]
    [Display(Name = "Select", Description = "Fields of the events that become columns, by their browse names from the event's type on: Message, ActiveState/Id, 2:Batch. Left out: Time, EventType, SourceName, Message, Severity.")]
    public List<string>? Select { get; set; }

    /// <summary>Gets or sets the type of the events.</summary>
    [Display(Name = "Type", Description = "Only events of this type and of those derived from it, for example i=2915 for alarms. Left out: all.")]
    public string? Type { get; set; }

    /// <summary>Gets or sets the least severity.</summary>
    [Range(0, 1000)]
    [Display(Name = "Severity", Description = "Only events at least this severe, 1 to 1000; 0 for all.")]
    public int MinSeverity { get; set; }
}

using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A group of nodes that makes a feed.</summary>
public sealed class OpcUaGroupSettings
{
    /// <summary>Gets or sets the group's name, the last part of the feed's.</summary>
    [Required]
    [Display(Name = "Name", Description = "Name of the group; the feed is opcua.<asset>.<name>.")]
    public string Name { get; set; } = "";

    /// <summary>Gets or sets the nodes.</summary>
    [Display(Name = "Nodes", Description = "Nodes of the group, written as in 'nodes' of the asset.")]
    public List<string> Nodes { get; set; } = [];

    /// <summary>Gets or sets how records are made.</summary>
    [Display(Name = "Records", Description = "cycle: one record a publish cycle with what has changed in it; change: one record a change; read: all values are read in a fixed cycle.")]
    public OpcUaRecords Records { get; set; } = OpcUaRecords.Cycle;

    /// <summary>Gets or sets how often the server reports changes, or values are read.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Interval", Description = "How often the server reports changes, or how often values are read. Left out: as 'publishing' of the asset.")]
    public TimeSpan? Interval { get; set; }

    /// <summary>Gets or sets how often the server looks at a value.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Sampling", Description = "How often the server looks at a value. Left out: as 'sampling' of the asset.")]
    public TimeSpan? Sampling { get; set; }

    /// <summary>Gets or sets how many values the server keeps for a node between two reports.</summary>
    [Range(1, 100_000)]
    [Display(Name = "Queue", Description = "How many values of a node the server keeps until it reports or the connection is back. Left out: 1 where a record has the newest value, 100 where each change counts.")]
    public int? Queue { get; set; }

    /// <summary>Gets or sets what is given up when the server's queue is full.</summary>
    [Display(Name = "Discard", Description = "Which values are given up when the server's queue is full: oldest or newest.")]
    public OpcUaDiscard Discard { get; set; } = OpcUaDiscard.Oldest;

    /// <summary>Gets or sets what counts as a change.</summary>
    [Display(Name = "Change", Description = "What counts as a change: status (of the status only), value (of status or value), timestamp (of status, value or the source's time).")]
    public OpcUaChange Change { get; set; } = OpcUaChange.Value;

    /// <summary>Gets or sets a value indicating whether the first value of each node is left out.</summary>
    [Display(Name = "Skip the first", Description = "Whether the value that a node has when it is subscribed to is left out: only later changes count.")]
    public bool SkipFirst { get; set; }

    /// <summary>Gets or sets the node whose change lets the others be reported.</summary>
    [Display(Name = "Trigger", Description = "Node whose change lets the changes of all others of the group be reported; until then the server only keeps them. Left out: each is reported by itself.")]
    public string? Trigger { get; set; }

    /// <summary>Gets or sets the smallest change that is reported.</summary>
    [Range(0, double.MaxValue)]
    [Display(Name = "Deadband", Description = "The smallest change that is reported, in the value's unit, or in percent of its range with 'deadbandPercent'.")]
    public double Deadband { get; set; }

    /// <summary>Gets or sets a value indicating whether the deadband is in percent.</summary>
    [Display(Name = "Deadband in percent", Description = "Whether the deadband is in percent of the value's range; the server must know that range.")]
    public bool DeadbandPercent { get; set; }

    /// <summary>Gets or sets after which time without a change a record with the last values is made.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Heartbeat", Description = "After which time without any change a record with the last known values is made. Left out: never.")]
    public TimeSpan? Heartbeat { get; set; }

    /// <summary>Gets or sets how far back what was missed is read from the server's history.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "History", Description = "How far back values that were missed are read from the server's history, at the start and after the server was gone. Left out: not at all.")]
    public TimeSpan? History { get; set; }

    /// <summary>Gets or sets which events make the records, instead of values.</summary>
    [Display(Name = "Events", Description = "Which events of the server make records, instead of values of nodes.")]
    public OpcUaEventSettings? Events { get; set; }

    /// <summary>Gets or sets a value indicating whether values that have not changed are repeated.</summary>
    [Display(Name = "Hold", Description = "Whether a record repeats the last known value of what has not changed in it; else it is empty there.")]
    public bool Hold { get; set; } = true;
}

using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Settings of an asset of the kind <c>opcua</c>: a server, and which of its values become feeds.</summary>
public sealed class OpcUaSettings
{
    /// <summary>Gets or sets the address of the server.</summary>
    [Required]
    [Display(Name = "Endpoint", Description = "Address of the server, for example opc.tcp://10.0.0.7:4840.")]
    public string Endpoint { get; set; } = "";

    /// <summary>Gets or sets the nodes of the feed <c>values</c>, as text.</summary>
    [Display(Name = "Nodes", Description = "Nodes whose values are read: node ids (ns=2;s=Temperature), ids with the namespace's URI (nsu=http://vendor.com/;s=Temperature), or paths from the Objects folder (/Objects/2:Press/2:Temperature). '/**' at the end of a path means everything below it.")]
    public List<string> Nodes { get; set; } = [];

    /// <summary>Gets or sets a file of published nodes, whose nodes of this server are read beside the others.</summary>
    [Display(Name = "Published nodes", Description = "File in the format of OPC Publisher (published nodes, JSON). Its nodes of this endpoint are read beside 'nodes' and 'groups'.")]
    public string? PublishedNodesFile { get; set; }

    /// <summary>Gets or sets further feeds with settings of their own.</summary>
    [Display(Name = "Groups", Description = "Further groups of nodes; each makes a feed.")]
    public List<OpcUaGroupSettings> Groups { get; set; } = [];

    /// <summary>Gets or sets how messages are secured.</summary>
    [Display(Name = "Security", Description = "How messages are secured. Left out: not at all.")]
    public OpcUaSecuritySettings? Security { get; set; }

    /// <summary>Gets or sets who signs in.</summary>
    [Display(Name = "User", Description = "Who signs in. Left out: an anonymous user.")]
    public OpcUaUserSettings? User { get; set; }

    /// <summary>Gets or sets how often the server reports changes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Publishing", Description = "How often the server reports changes.")]
    public TimeSpan Publishing { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets how often the server looks at a value.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Sampling", Description = "How often the server looks at a value; 0 as fast as it can.")]
    public TimeSpan Sampling { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets how long at most it waits before it connects again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Longest retry", Description = "How long at most it waits before it connects again.")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long a service may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Timeout", Description = "How long the server may take to answer.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long the server keeps session and subscriptions over a lost connection.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Session timeout", Description = "How long the server keeps session and subscriptions while the connection is lost; within it nothing is missed, as far as the server's queues reach.")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets which predictions are written to the server.</summary>
    [Display(Name = "Write back", Description = "Which predictions are written to nodes of the server. Left out: none.")]
    public List<OpcUaWriteBackSettings> WriteBack { get; set; } = [];

    /// <summary>Gets or sets a value indicating whether subscriptions are taken over into a new session.</summary>
    [Display(Name = "Transfer subscriptions", Description = "Whether subscriptions of a lost session are taken over into a new one. Some servers do not handle that well; off, they are made anew.")]
    public bool TransferSubscriptions { get; set; } = true;
}

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>How the values of a group become records.</summary>
public enum OpcUaRecords
{
    /// <summary>One record a publish cycle, with the newest value of each node.</summary>
    Cycle,

    /// <summary>One record a change, at the time of its source.</summary>
    Change,

    /// <summary>All values are read in a fixed cycle, without a subscription.</summary>
    Read,
}

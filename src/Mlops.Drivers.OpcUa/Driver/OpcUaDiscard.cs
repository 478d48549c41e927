namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>What is given up when a server's queue of a node is full.</summary>
public enum OpcUaDiscard
{
    /// <summary>The oldest value.</summary>
    Oldest,

    /// <summary>The newest value: it takes the place of the one before it.</summary>
    Newest,
}

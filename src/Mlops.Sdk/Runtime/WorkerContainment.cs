namespace Mlops.Runtime;

/// <summary>Whether workers are contained by the means of the operating system.</summary>
public enum WorkerContainment
{
    /// <summary>By all that the system permits; what it does not permit is logged.</summary>
    Prefer,

    /// <summary>A worker that cannot be kept from the node's files, the network, new privileges and too much memory or too many processes runs no code.</summary>
    Require,

    /// <summary>Only by the limit of memory: the code can do what the host's account can.</summary>
    Off,
}

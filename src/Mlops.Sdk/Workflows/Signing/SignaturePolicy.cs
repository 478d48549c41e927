namespace Mlops.Workflows;

/// <summary>What a node does about the signatures of workflow packages.</summary>
public enum SignaturePolicy
{
    /// <summary>Takes packages without a signature or by an unknown key and says so in the log; a signature that is wrong is refused.</summary>
    Warn,

    /// <summary>Takes only packages that a trusted key has signed, and those that the host installs itself.</summary>
    Require,

    /// <summary>Looks at no signature: nothing is trusted but what the host installs itself.</summary>
    Ignore,
}

namespace Mlops.Runtime;

/// <summary>Which workflows may predict inside the host's process.</summary>
public enum InProcessUse
{
    /// <summary>Those that the host installed itself or a trusted key signed.</summary>
    Trusted,

    /// <summary>All of them: their code can end the host and read its memory.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}

namespace Mlops.Testing.Pcb;

/// <summary>What the inspection machine says of a solder paste deposit by its own limits.</summary>
public enum PcbVerdict
{
    /// <summary>Every measurement is within its limits.</summary>
    Good,

    /// <summary>Too little paste.</summary>
    Insufficient,

    /// <summary>Too much paste.</summary>
    Excess,

    /// <summary>The paste covers more than its pad, so that it may touch the next one.</summary>
    Bridge,

    /// <summary>The paste lies beside its pad.</summary>
    Offset,

    /// <summary>The surface of the deposit is uneven.</summary>
    Shape,
}

namespace Mlops.Testing.Pcb;

/// <summary>What a human inspector says of a solder paste deposit.</summary>
public enum PcbLabel
{
    /// <summary>The deposit is good and the machine raised no alarm.</summary>
    Ok,

    /// <summary>The deposit is bad.</summary>
    Error,

    /// <summary>The machine raised an alarm that the inspector overruled.</summary>
    PseudoError,
}

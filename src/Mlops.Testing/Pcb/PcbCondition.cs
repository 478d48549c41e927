namespace Mlops.Testing.Pcb;

/// <summary>What really happened at a pad. The first four faults ruin the joint; the last three only look bad to the machine.</summary>
internal enum PcbCondition
{
    Normal,
    Insufficient,
    Excess,
    Bridge,
    Offset,
    Reflection,
    Smear,
    Stretch,
}

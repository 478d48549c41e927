namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>How the fields of a structure are encoded; the numbers are those of StructureType (OPC 10000-3, 8.49).</summary>
internal enum StructureKind
{
    /// <summary>One after another.</summary>
    Plain = 0,

    /// <summary>First 32 bits that tell which of the optional ones are there.</summary>
    WithOptionalFields = 1,

    /// <summary>First the number of the only one that is there, 0 for none.</summary>
    Union = 2,

    /// <summary>As <see cref="Plain"/>; fields that allow subtypes are encoded with their type.</summary>
    WithSubtypes = 3,

    /// <summary>As <see cref="Union"/>; fields that allow subtypes are encoded with their type.</summary>
    UnionWithSubtypes = 4,
}

using System.Globalization;

namespace Mlops.Drivers.OpcUa.Types;

/// <summary>How an operation ended, or how good a value is (OPC 10000-4, 7.39).</summary>
/// <param name="Code">The number on the wire: severity and condition in the upper half, details of a value in the lower.</param>
public readonly partial record struct StatusCode(uint Code)
{
    /// <summary>Gets a value indicating whether all is well.</summary>
    public bool IsGood => Code >> 30 == 0;

    /// <summary>Gets a value indicating whether the value may be used with care.</summary>
    public bool IsUncertain => Code >> 30 == 1;

    /// <summary>Gets a value indicating whether it failed.</summary>
    public bool IsBad => Code >> 31 == 1;

    /// <summary>Gets a value indicating whether values were lost between this and the one before: the server's queue was full.</summary>
    public bool HasOverflow => (Code & 0x0C80) == 0x0480;

    /// <summary>Gets the name in the specification, or the number where it has none here.</summary>
    public string Name => Names.TryGetValue(Condition, out string? name) ? name : string.Create(CultureInfo.InvariantCulture, $"0x{Code:X8}");

    /// <summary>Gets the quality as records carry it: 0 bad, 1 uncertain, 2 good.</summary>
    public byte Quality => IsGood ? (byte)2 : IsUncertain ? (byte)1 : (byte)0;

    internal uint Condition => Code & 0xFFFF_0000;

    internal bool Is(uint condition) => Condition == condition;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

using System.Runtime.CompilerServices;

namespace Mlops.Testing.Pcb;

/// <summary>Holds the 16 measurements of one pad in the order of <see cref="Names"/>.</summary>
/// <remarks>Converts to a span: <c>ReadOnlySpan&lt;double&gt; values = pad.Measurements;</c>.</remarks>
[InlineArray(Count)]
public struct PcbMeasurements : IEquatable<PcbMeasurements>
{
    /// <summary>The number of measurements.</summary>
    public const int Count = 16;

    private double _first;

    /// <summary>Gets the names of the measurements; each ends in its unit.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "volume_percent", "height_um", "area_percent", "offset_x_percent",
        "offset_y_percent", "size_x_mm", "size_y_mm", "volume_um3",
        "area_um2", "shape_um", "position_x_mm", "position_y_mm",
        "paste_temperature_c", "squeegee_pressure_n", "squeegee_speed_mm_s", "prints_since_cleaning",
    ];

    /// <summary>Compares two pads' measurements bit by bit.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> if all 16 are equal.</returns>
    public static bool operator ==(PcbMeasurements left, PcbMeasurements right) => left.Equals(right);

    /// <summary>Compares two pads' measurements bit by bit.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> if any of the 16 differs.</returns>
    public static bool operator !=(PcbMeasurements left, PcbMeasurements right) => !left.Equals(right);

    /// <inheritdoc/>
    public readonly bool Equals(PcbMeasurements other) =>
        ((ReadOnlySpan<double>)this).SequenceEqual((ReadOnlySpan<double>)other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PcbMeasurements other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in (ReadOnlySpan<double>)this)
            hash.Add(value);
        return hash.ToHashCode();
    }
}

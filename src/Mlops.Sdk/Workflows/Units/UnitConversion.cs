namespace Mlops.Workflows.Units;

/// <summary>How a value in one unit becomes a value in another: <c>value × scale + offset</c>.</summary>
/// <param name="Scale">The factor.</param>
/// <param name="Offset">What is added, in the unit that results.</param>
internal readonly record struct UnitConversion(double Scale, double Offset)
{
    /// <summary>Converts one value.</summary>
    public double Apply(double value) => (value * Scale) + Offset;
}

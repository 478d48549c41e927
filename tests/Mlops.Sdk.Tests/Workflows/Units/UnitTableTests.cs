using Mlops.Workflows.Units;

namespace Mlops.Tests.Workflows.Units;

public sealed class UnitTableTests
{
    [Theory]
    [InlineData(100, "°C", "°F", 212)]
    [InlineData(-40, "°F", "°C", -40)]
    [InlineData(0, "K", "°C", -273.15)]
    [InlineData(25, "degC", "K", 298.15)]
    [InlineData(1.5, "m", "mm", 1500)]
    [InlineData(2, "in", "mm", 50.8)]
    [InlineData(1, "bar", "kPa", 100)]
    [InlineData(14.5037738, "psi", "bar", 1)]
    [InlineData(2.5, "t", "kg", 2500)]
    [InlineData(90, "min", "h", 1.5)]
    [InlineData(36, "km/h", "m/s", 10)]
    [InlineData(180, "°", "rad", Math.PI)]
    [InlineData(60, "rpm", "rad/s", Math.Tau)]
    [InlineData(12, "%", "1", 0.12)]
    [InlineData(1, "kWh", "MJ", 3.6)]
    [InlineData(1500, "W", "kW", 1.5)]
    public void Find_UnitsOfOneQuantity_Converts(double value, string from, string to, double expected)
    {
        UnitTable.Find(from, to)!.Value.Apply(value).ShouldBe(expected, Math.Abs(expected) * 1e-8);
        UnitTable.Find(to, from)!.Value.Apply(expected).ShouldBe(value, Math.Max(1e-9, Math.Abs(value) * 1e-8));
    }

    [Theory]
    [InlineData("°C", "bar")]
    [InlineData("mm", "furlong")]
    [InlineData("mW", "mw")]
    public void Find_OtherQuantityOrUnknown_IsNothing(string from, string to) => UnitTable.Find(from, to).ShouldBeNull();

    [Theory]
    [InlineData("\u2103", "°C")]
    [InlineData("\u00baC", "°C")]
    [InlineData("\u03bcm", "µm")]
    [InlineData("widgets", "widgets")]
    public void Between_SameUnitInAnotherSpelling_TakesValuesAsTheyAre(string from, string to)
    {
        UnitTable.Between(from, to, out bool possible).ShouldBeNull();
        possible.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, "°C")]
    [InlineData("°C", null)]
    [InlineData("", "°C")]
    public void Between_OneSideSaysNothing_TakesValuesAsTheyAre(string? from, string? to)
    {
        UnitTable.Between(from, to, out bool possible).ShouldBeNull();
        possible.ShouldBeTrue();
    }
}

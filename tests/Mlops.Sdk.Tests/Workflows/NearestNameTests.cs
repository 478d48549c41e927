namespace Mlops.Workflows;

public class NearestNameTests
{
    [Theory]
    [InlineData("inptus", "inputs")]
    [InlineData("Inputs", "inputs")]
    [InlineData("output_", "output")]
    [InlineData("lable", "label")]
    [InlineData("x", null)]
    [InlineData("something-else", null)]
    public void Find_Slip_GivesTheNearest(string name, string? expected) =>
        NearestName.Find(name, ["inputs", "output", "label"]).ShouldBe(expected);

    [Fact]
    public void Hint_NothingKnown_IsEmpty() => NearestName.Hint("a", []).ShouldBe("");
}

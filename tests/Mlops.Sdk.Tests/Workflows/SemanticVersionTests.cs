namespace Mlops.Workflows;

public class SemanticVersionTests
{
    // The order is the example of https://semver.org, section 11, with more around it.
    private static readonly string[] Rising =
    [
        "0.0.0", "0.0.9", "0.0.10", "1.0.0-0", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999999", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
        "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-x", "1.0.1", "1.1.0", "1.10.0", "2.0.0", "18446744073709551616.0.0",
    ];

    [Fact]
    public void CompareTo_AllPairs_FollowsPrecedence()
    {
        for (int i = 0; i < Rising.Length; i++)
        {
            for (int j = 0; j < Rising.Length; j++)
                Math.Sign(SemanticVersion.Parse(Rising[i]).CompareTo(SemanticVersion.Parse(Rising[j]))).ShouldBe(i.CompareTo(j), $"{Rising[i]} and {Rising[j]}");
        }
    }

    [Fact]
    public void CompareTo_BuildMetadata_DoesNotCount() =>
        SemanticVersion.Parse("1.0.0+a").CompareTo(SemanticVersion.Parse("1.0.0+b.2")).ShouldBe(0);

    [Theory]
    [InlineData("1.0.0-alpha+001")]
    [InlineData("1.0.0+21AF26D3---117B344092BD")]
    [InlineData("1.0.0-x-y-z.--")]
    [InlineData("1.0.0-0A.is.legal")]
    public void TryParse_Valid_KeepsText(string text)
    {
        SemanticVersion.TryParse(text, out SemanticVersion version).ShouldBeTrue();
        version.Text.ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("1.0.0.0")]
    [InlineData("v1.0.0")]
    [InlineData("01.0.0")]
    [InlineData("1.0.0-01")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-a..b")]
    [InlineData("1.0.0+")]
    [InlineData("1.0.0+a+b")]
    [InlineData("1.0.0-ä")]
    [InlineData("1.0.٣")]
    [InlineData("-1.0.0")]
    [InlineData(" 1.0.0")]
    [InlineData("1.0.0/..")]
    public void TryParse_Invalid_IsRefused(string text) => SemanticVersion.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_LongerThanAFolderName_IsRefused() => SemanticVersion.TryParse($"1.0.0-{new string('a', 200)}", out _).ShouldBeFalse();
}

using Mlops.Mqtt.Broker.Access;

namespace Mlops.Mqtt.Tests.Broker.Access;

public class TopicPatternTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/#", true)]
    [InlineData("a/#", "a/+/c", true)]
    [InlineData("a/#", "#", false)]
    [InlineData("a/#", "+/b", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/+", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("#", "#", true)]
    [InlineData("#", "$SYS/broker", false)]
    [InlineData("+/broker", "$SYS/broker", false)]
    [InlineData("$SYS/#", "$SYS/broker", true)]
    [InlineData("of/%u/#", "of/press/x", true)]
    [InlineData("of/%u/#", "of/other/x", false)]
    [InlineData("of/%u/#", "of/+/x", false)]
    [InlineData("of/line-%c-%u/x", "of/line-c4-press/x", true)]
    [InlineData("of/line-%c-%u/x", "of/line-c4-pres/x", false)]
    [InlineData("of/%c", "of/c4s", false)]
    public void Includes_PatternAndTopicOrFilter_TellsWhetherAllOfItIsInside(string pattern, string asked, bool expected) =>
        TopicPattern.Includes(pattern, asked, "press", "c4").ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("a/b")]
    public void Includes_NameThatWouldWidenThePattern_IsNeverInside(string? user)
    {
        TopicPattern.Includes("of/%u/#", $"of/{user}/x", user, "c4").ShouldBeFalse();
        TopicPattern.Includes("of/%u", "of/x", user, "c4").ShouldBeFalse();
    }
}

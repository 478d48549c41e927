namespace Mlops.Mqtt.Tests;

public class MqttTopicFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("+/+", "/a", true)]
    [InlineData("/+", "/a", true)]
    [InlineData("+", "/a", false)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/+/c", "a/b/d", false)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/b/#", "a", false)]
    [InlineData("+/#", "a", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("a/#", "a/$b", true)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    public void Matches_FilterAndTopic_FollowsTheStandard(string filter, string topic, bool expected) =>
        MqttTopicFilter.Matches(filter, topic).ShouldBe(expected);

    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData("+", true)]
    [InlineData("#", true)]
    [InlineData("a/+/#", true)]
    [InlineData("", false)]
    [InlineData("a+", false)]
    [InlineData("+a", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a#", false)]
    [InlineData("a\0", false)]
    public void IsValidFilter_Filter_FollowsTheStandard(string filter, bool expected) =>
        MqttTopicFilter.IsValidFilter(filter).ShouldBe(expected);

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("#", false)]
    [InlineData("a\0b", false)]
    public void IsValidTopic_Topic_FollowsTheStandard(string topic, bool expected) =>
        MqttTopicFilter.IsValidTopic(topic).ShouldBe(expected);

    [Fact]
    public void IsValidFilter_MoreLevelsThanAllowed_IsRefused()
    {
        MqttTopicFilter.IsValidFilter(new string('/', MqttTopicFilter.MaxLevels - 1)).ShouldBeTrue();
        MqttTopicFilter.IsValidFilter(new string('/', MqttTopicFilter.MaxLevels)).ShouldBeFalse();
        MqttTopicFilter.IsValidTopic(new string('é', 40_000)).ShouldBeFalse();
    }
}

using Mlops.Ingest.PlainJson;

namespace Mlops.Tests.Ingest.PlainJson;

public sealed class FeedTemplateTests
{
    [Theory]
    [InlineData("press", "plant/line4/press", "press")]
    [InlineData("{1}.{3}", "plant/line4/press", "plant.press")]
    [InlineData("press.{2}.values", "plant/Line 4/press", "press.line-4.values")]
    [InlineData("{2}", "plant/a.b", "a-b")]
    public void Resolve_Segments_AreCountedFromOne(string template, string topic, string expected) =>
        FeedTemplate.Parse(template).Resolve(topic).ShouldBe(expected);

    [Fact]
    public void Resolve_TopicTooShort_IsNull() => FeedTemplate.Parse("x.{4}").Resolve("a/b/c").ShouldBeNull();

    [Theory]
    [InlineData("x.{")]
    [InlineData("x.{0}")]
    [InlineData("x.{a}")]
    [InlineData("x.{}")]
    [InlineData("x.{-1}")]
    public void Parse_BraceWithoutNumber_SaysWhatIsMeant(string template) =>
        Should.Throw<FormatException>(() => FeedTemplate.Parse(template)).Message.ShouldContain("counted from 1");
}

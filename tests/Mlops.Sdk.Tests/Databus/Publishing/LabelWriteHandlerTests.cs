using Mlops.Databus.Publishing;
using Mlops.Store;

namespace Mlops.Tests.Databus.Publishing;

public sealed class LabelWriteHandlerTests
{
    [Fact]
    public void Parse_AnswersSourceAndLabel_NamesTheRecordByItsRow()
    {
        (string feed, Label label) = LabelWriteHandler.Parse("""
            {"source":{"feed":"a.b.c","seq":4,"ts":"2026-01-01T00:00:00Z","row":17},"set":"quality","author":"kim","vals":[{"id":"operator_label","val":"error"}]}
            """u8);

        feed.ShouldBe("a.b.c");
        label.Position.ShouldBe(17);
        label.Sequence.ShouldBeNull();
        label.Set.ShouldBe("quality");
        label.Value.ShouldBe("error");
        label.Author.ShouldBe("kim");
    }

    [Theory]
    [InlineData("{}", "source")]
    [InlineData("""{"source":{"feed":"a"},"vals":[{"id":"operator_label","val":"x"}]}""", "row")]
    [InlineData("""{"source":{"feed":"a","row":1},"vals":[]}""", "operator_label")]
    [InlineData("""{"source":{"feed":"a","row":1}}""", "bulk")]
    [InlineData("[1]", "bulk")]
    [InlineData("{\"source\":", "bulk")]
    public void Parse_SomethingMissing_SaysWhat(string payload, string expected) =>
        Should.Throw<FormatException>(() => LabelWriteHandler.Parse(System.Text.Encoding.UTF8.GetBytes(payload))).Message.ShouldContain(expected);
}

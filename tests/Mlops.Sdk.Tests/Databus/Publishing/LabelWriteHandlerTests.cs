using Mlops.Databus;
using Mlops.Databus.Publishing;
using Mlops.Ingest;
using Mlops.Store;
using Mlops.Tests.Prediction;
using Mlops.Workflows;

namespace Mlops.Tests.Databus.Publishing;

public sealed class LabelWriteHandlerTests
{
    [Theory]
    [InlineData("no label at all", "not a bulk message")]
    [InlineData("""{"source":{"feed":"","row":1},"vals":[{"id":"operator_label","val":"bad"}]}""", "feed")]
    public async Task Write_WhatIsNoLabel_IsADeadLetterThatCanBeTakenAgain(string payload, string expected)
    {
        using var folder = new TemporaryFolder();
        await using PredictionNode node = await PredictionNode.StartAsync(folder["node"], mqtt: true);
        await node.WriteAsync(1);
        await Mosquitto.PublishAsync(node.Get<IMqttEndpoint>().Port, "ie/d/j/simatic/v1/node1/dp/w/wf/d-1", payload);

        var letters = node.Get<IDeadLetters>();
        DeadLetterInfo letter = letters.List().ShouldHaveSingleItem();
        (letter.Cause, letter.Source).ShouldBe((DeadLetterCause.BadLabel, "labels"));
        letter.Reason.ShouldContain(expected);
        (await letters.ReplayAsync([letter.Id])).Replayed.ShouldBe(1);
        letters.Counts().ShouldHaveSingleItem().Count.ShouldBe(2);
    }

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

using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Tests.Sessions;

public class TopicCacheTests
{
    [Fact]
    public void Get_RepeatedTopic_GivesTheSameEntryWithoutAllocation()
    {
        var cache = new TopicCache();
        byte[] topic = "plant/line/3/temperature"u8.ToArray();
        var first = cache.Get(topic);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var second = cache.Get(topic);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        second.ShouldBeSameAs(first);
        second.Topic.ShouldBe("plant/line/3/temperature");
    }

    [Fact]
    public void Get_ManyTopics_AllAreRight()
    {
        var cache = new TopicCache();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 20_000; i++)
                cache.Get(Encoding.UTF8.GetBytes($"topic/{i}")).Topic.ShouldBe($"topic/{i}");
        }
    }

    [Fact]
    public void Get_TopicsOfTheSamePlace_EachKeepsItsEntry()
    {
        const int SmallestTable = 64;
        var one = new TopicCache();
        byte[][] topics = [.. Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes($"topic/{i}")).Where(topic => new TopicCache().Get(topic).Hash % SmallestTable == 0).Take(4)];
        topics.Length.ShouldBe(4);
        TopicEntry[] entries = [.. topics.Select(topic => one.Get(topic))];
        topics.Select(topic => one.Get(topic)).ShouldBe(entries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/+")]
    [InlineData("a/#")]
    [InlineData("a\0b")]
    public void Get_TopicThatCannotBePublishedTo_IsRefused(string topic) =>
        Should.Throw<MqttProtocolException>(() => new TopicCache().Get(Encoding.UTF8.GetBytes(topic)));

    [Fact]
    public void Get_InvalidUtf8_IsRefused() =>
        Should.Throw<MqttProtocolException>(() => new TopicCache().Get([0xC3, 0x28])).ReasonCode.ShouldBe(MqttReasonCode.MalformedPacket);
}

using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Tests.Sessions;

public class DeliveryQueueTests
{
    private readonly object connection = new();

    [Fact]
    public void TryTake_MoreThanTheWindow_WaitsForAcknowledgements()
    {
        var queue = Queue(window: 2);
        AddAll(queue, "a", "b", "c");
        Take(queue).ShouldBe(("a", 1, false));
        Take(queue).ShouldBe(("b", 2, false));
        queue.TryTake(connection, out _).ShouldBeFalse();
        Acknowledge(queue, 1).ShouldBeTrue();
        Take(queue).ShouldBe(("c", 3, false));
        queue.Count.ShouldBe(2);
    }

    [Fact]
    public void Acknowledge_UnknownOrRepeated_IsRefused()
    {
        var queue = Queue();
        AddAll(queue, "a");
        Acknowledge(queue, 1).ShouldBeFalse();
        Take(queue);
        Acknowledge(queue, 1, MqttReasonCode.Success, new object()).ShouldBeFalse();
        Acknowledge(queue, 2).ShouldBeFalse();
        Acknowledge(queue, 65535).ShouldBeFalse();
        Acknowledge(queue, 1).ShouldBeTrue();
        Acknowledge(queue, 1).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attach_MessagesInFlight_AreSentAgainInOrderBeforeNewOnes(bool resumed)
    {
        var queue = Queue();
        AddAll(queue, "a", "b", "c");
        Take(queue);
        Take(queue);
        Take(queue);
        Acknowledge(queue, 2).ShouldBeTrue();
        AddAll(queue, "d");
        queue.Detach(connection).ShouldBeTrue();
        queue.TryTake(connection, out _).ShouldBeFalse();
        queue.Attach(connection, new ReceiverLimits(MqttProtocolVersion.V311, 10), resumed);
        Take(queue).ShouldBe(("a", 1, resumed));
        Take(queue).ShouldBe(("c", 3, resumed));
        Take(queue).ShouldBe(("d", 4, false));
        queue.TryTake(connection, out _).ShouldBeFalse();
    }

    [Fact]
    public void Attach_SmallerWindow_IsObeyedWhenSendingAgain()
    {
        var queue = Queue();
        AddAll(queue, "a", "b");
        Take(queue);
        Take(queue);
        queue.Attach(connection, new ReceiverLimits(MqttProtocolVersion.V5, 1), resumed: true);
        Take(queue).ShouldBe(("a", 1, true));
        queue.TryTake(connection, out _).ShouldBeFalse();
        Acknowledge(queue, 1).ShouldBeTrue();
        Take(queue).ShouldBe(("b", 2, true));
    }

    [Fact]
    public void TryTake_MoreMessagesThanIdentifiers_ReusesFreeOnes()
    {
        var queue = Queue(window: 3);
        var seen = new HashSet<int>();
        for (int i = 0; i < 70_000; i++)
        {
            AddAll(queue, "x");
            var (_, id, _) = Take(queue);
            seen.Add(id);
            id.ShouldBe((i % InFlightMessages.MaxPublishId) + 1);
            Acknowledge(queue, (ushort)id).ShouldBeTrue();
        }

        seen.Count.ShouldBe(InFlightMessages.MaxPublishId);
        queue.Count.ShouldBe(0);
    }

    [Fact]
    public void TryAdd_CountOrBytesReached_IsRefused()
    {
        var byCount = new DeliveryQueue(2, 1000);
        TryAdd(byCount, "a").ShouldBeTrue();
        TryAdd(byCount, "b").ShouldBeTrue();
        TryAdd(byCount, "c").ShouldBeFalse();
        TryAdd(byCount, "c", extra: 1).ShouldBeTrue();

        var byBytes = new DeliveryQueue(100, 10);
        TryAdd(byBytes, new string('x', 50)).ShouldBeTrue("a single message may exceed the limit");
        TryAdd(byBytes, "y").ShouldBeFalse();
    }

    [Fact]
    public async Task AddWhenRoom_FullQueue_AdmitsInOrderWhenAcknowledged()
    {
        var queue = new DeliveryQueue(1, 1000);
        queue.Attach(connection, new ReceiverLimits(MqttProtocolVersion.V5, 10), resumed: false);
        var tasks = new List<Task>();
        foreach (string text in new[] { "a", "b", "c" })
            tasks.Add(AddWhenRoom(queue, text).AsTask());
        foreach (var (text, id) in new[] { ("a", 1), ("b", 2), ("c", 3) })
        {
            Take(queue).ShouldBe((text, id, false));
            queue.TryTake(connection, out _).ShouldBeFalse();
            Acknowledge(queue, (ushort)id).ShouldBeTrue();
        }

        foreach (var task in tasks)
            await Peers.Eventually.Within(task);
    }

    [Fact]
    public async Task Close_WaitingInFlightAndBlocked_AllFail()
    {
        var queue = new DeliveryQueue(2, 1000);
        queue.Attach(connection, new ReceiverLimits(MqttProtocolVersion.V5, 10), resumed: false);
        var tasks = new[] { AddWhenRoom(queue, "a").AsTask(), AddWhenRoom(queue, "b").AsTask(), AddWhenRoom(queue, "c").AsTask() };
        Take(queue);
        queue.Close(new MqttException("over"));
        foreach (var task in tasks)
            (await Should.ThrowAsync<MqttException>(Peers.Eventually.Within(task))).Message.ShouldBe("over");
        TryAdd(queue, "d").ShouldBeFalse();
        queue.Open();
        TryAdd(queue, "d").ShouldBeTrue();
    }

    [Fact]
    public async Task Acknowledge_Refusal_FailsThePublish()
    {
        var queue = Queue();
        var task = AddWhenRoom(queue, "a").AsTask();
        Take(queue);
        Acknowledge(queue, 1, MqttReasonCode.NotAuthorized).ShouldBeTrue();
        (await Should.ThrowAsync<MqttException>(Peers.Eventually.Within(task))).ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task TryTake_PacketLargerThanThePeerTakes_IsGivenUpAndCounted()
    {
        int tooLarge = 0;
        var queue = new DeliveryQueue(10, 10_000, whenGivenUp: reason => tooLarge += reason == DropReason.TooLarge ? 1 : 0);
        queue.Attach(connection, new ReceiverLimits(MqttProtocolVersion.V5, 10, MaximumPacketSize: 100), resumed: false);
        var large = AddWhenRoom(queue, new string('x', 100)).AsTask();
        AddAll(queue, "a");
        // The identifier of what is given up is left out.
        Take(queue).ShouldBe(("a", 2, false));
        (await Should.ThrowAsync<MqttException>(Peers.Eventually.Within(large))).ReasonCode.ShouldBe(MqttReasonCode.PacketTooLarge);
        tooLarge.ShouldBe(1);
    }

    private bool Acknowledge(DeliveryQueue queue, ushort id, MqttReasonCode reason = MqttReasonCode.Success, object? by = null) =>
        queue.Acknowledge(by ?? connection, PacketType.PubAck, new AcknowledgePacket(id, reason));

    private DeliveryQueue Queue(int window = 10)
    {
        var queue = new DeliveryQueue(100_000, 1_000_000);
        queue.Attach(connection, new ReceiverLimits(MqttProtocolVersion.V5, window), resumed: false);
        return queue;
    }

    private static void AddAll(DeliveryQueue queue, params string[] texts)
    {
        foreach (string text in texts)
            TryAdd(queue, text).ShouldBeTrue();
    }

    private static bool TryAdd(DeliveryQueue queue, string text, int extra = 0)
    {
        var message = SharedMessage.Create("t", default, Encoding.UTF8.GetBytes(text), PublishFlags.AtLeastOnce);
        return queue.TryAdd(new Delivery(message, message.Flags, null, default), extra);
    }

    private static ValueTask AddWhenRoom(DeliveryQueue queue, string text)
    {
        var pending = PendingPublish.Rent();
        queue.AddWhenRoom(new BlockedPublish("t", Encoding.UTF8.GetBytes(text), PublishFlags.AtLeastOnce, pending.Completion)).ShouldBeTrue();
        return pending.AsTask(CancellationToken.None);
    }

    private (string Text, int Id, bool Duplicate) Take(DeliveryQueue queue)
    {
        queue.TryTake(connection, out OutboundPacket packet).ShouldBeTrue();
        string text = Encoding.UTF8.GetString(packet.Message!.Payload.Span);
        packet.Message.Release();
        return (text, packet.PacketId, (packet.Flags & PublishFlags.Duplicate) != 0);
    }
}

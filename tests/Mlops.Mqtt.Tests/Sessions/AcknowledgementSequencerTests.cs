using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Tests.Sessions;

public class AcknowledgementSequencerTests
{
    private readonly List<ushort> sent = [];

    [Fact]
    public void Release_OutOfOrder_SendsInOrder()
    {
        var sequencer = Sequencer();
        var held = Enumerable.Range(1, 4).Select(id => Enter(sequencer, (ushort)id, holders: 1)[0]).ToArray();
        held[2].Complete();
        held[1].Complete();
        sent.ShouldBeEmpty();
        held[0].Complete();
        sent.ShouldBe([1, 2, 3]);
        held[3].Complete();
        sent.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Release_UnheldBehindHeld_Waits()
    {
        var sequencer = Sequencer();
        var held = Enter(sequencer, 1, holders: 1)[0];
        Enter(sequencer, 2, holders: 0);
        sent.ShouldBeEmpty();
        held.Complete();
        sent.ShouldBe([1, 2]);
    }

    [Fact]
    public void Complete_Twice_ReleasesOnlyItsOwnHold()
    {
        var sequencer = Sequencer();
        var held = Enter(sequencer, 1, holders: 2);
        held[0].Complete();
        held[0].Complete();
        sent.ShouldBeEmpty();
        held[1].Complete();
        sent.ShouldBe([1]);
        held[1].Complete();
        sent.ShouldBe([1]);
    }

    [Fact]
    public void Complete_BeforeTheReceiverIsDone_WaitsForTheReceiver()
    {
        var sequencer = Sequencer();
        long sequence = sequencer.Enter(1, MqttQualityOfService.AtLeastOnce, out _);
        sequencer.Hold(sequence, 0).Complete();
        sent.ShouldBeEmpty();
        sequencer.Leave(sequence);
        sent.ShouldBe([1]);
    }

    [Fact]
    public async Task WaitForRoom_LimitReached_CompletesWithARelease()
    {
        var sequencer = Sequencer(limit: 2);
        var first = Enter(sequencer, 1, holders: 1)[0];
        sequencer.WaitForRoomAsync().AsTask().IsCompleted.ShouldBeTrue();
        Enter(sequencer, 2, holders: 1);
        var room = sequencer.WaitForRoomAsync().AsTask();
        room.IsCompleted.ShouldBeFalse();
        first.Complete();
        await Peers.Eventually.Within(room);
    }

    [Fact]
    public async Task Close_HeldAndWaiting_ReleasesTheReaderAndSendsNothing()
    {
        var sequencer = Sequencer(limit: 1);
        var held = Enter(sequencer, 1, holders: 1)[0];
        var room = sequencer.WaitForRoomAsync().AsTask();
        sequencer.Close();
        await Peers.Eventually.Within(room);
        held.Complete();
        Enter(sequencer, 2, holders: 1)[0].Complete();
        sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Complete_FromManyThreads_SendsAllInOrder()
    {
        var sequencer = Sequencer();
        var held = Enumerable.Range(1, 2000).Select(id => Enter(sequencer, (ushort)id, holders: 1)[0]).ToArray();
        new Random(1).Shuffle(held);
        await Parallel.ForEachAsync(held, (acknowledgement, _) =>
        {
            acknowledgement.Complete();
            return ValueTask.CompletedTask;
        });
        sent.ShouldBe(Enumerable.Range(1, 2000).Select(id => (ushort)id));
    }

    private AcknowledgementSequencer Sequencer(int limit = 65535) => new(limit, strict: false, new ReceivedIdentifiers(), (_, id, _) => sent.Add(id));

    private static MqttAcknowledgement[] Enter(AcknowledgementSequencer sequencer, ushort id, int holders)
    {
        long sequence = sequencer.Enter(id, MqttQualityOfService.AtLeastOnce, out _);
        var held = Enumerable.Range(0, holders).Select(holder => sequencer.Hold(sequence, holder)).ToArray();
        sequencer.Leave(sequence);
        return held;
    }
}

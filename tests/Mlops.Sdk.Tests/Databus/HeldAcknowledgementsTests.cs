using Mlops.Databus;
using Mlops.Messaging;

namespace Mlops.Tests.Databus;

public sealed class HeldAcknowledgementsTests
{
    [Fact]
    public void Complete_TwoSubscribers_TakesBoth()
    {
        var held = new HeldAcknowledgements();
        BusAcknowledgement acknowledgement = held.Hold(default, 2);

        acknowledgement.Complete();
        held.Count.ShouldBe(1);
        acknowledgement.Complete();
        held.Count.ShouldBe(0);
        acknowledgement.Complete();
        held.Count.ShouldBe(0);
    }

    [Fact]
    public void Complete_LateAndTwice_DoesNotTouchTheMessageThatCameAfter()
    {
        var held = new HeldAcknowledgements();
        BusAcknowledgement first = held.Hold(default, 1);
        first.Complete();
        held.Hold(default, 1);

        first.Complete();

        held.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Empty_ManyInAnyOrder_CompletesWithTheLast()
    {
        var held = new HeldAcknowledgements();
        var random = new Random(1);
        BusAcknowledgement[] all = [.. Enumerable.Range(0, 1_000).Select(_ => held.Hold(default, 1))];
        random.Shuffle(all);
        Task empty = held.EmptyAsync();

        foreach (BusAcknowledgement acknowledgement in all.AsSpan(1))
            acknowledgement.Complete();
        empty.IsCompleted.ShouldBeFalse();
        all[0].Complete();

        await empty.WaitAsync(TimeSpan.FromSeconds(10));
        held.EmptyAsync().IsCompleted.ShouldBeTrue();
    }
}

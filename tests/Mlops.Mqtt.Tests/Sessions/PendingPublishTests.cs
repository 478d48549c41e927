using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Tests.Sessions;

public class PendingPublishTests
{
    [Fact]
    public async Task AsTask_Cancelled_ThrowsAndIgnoresTheLateSignal()
    {
        using var cancel = new CancellationTokenSource();
        var pending = PendingPublish.Rent();
        var completion = pending.Completion;
        var task = pending.AsTask(cancel.Token).AsTask();
        await cancel.CancelAsync();
        (await Should.ThrowAsync<OperationCanceledException>(task)).CancellationToken.ShouldBe(cancel.Token);
        completion.IsOpen.ShouldBeFalse();
        completion.Succeed();
    }

    [Fact]
    public async Task Succeed_SignalOfAnEarlierUse_DoesNotReachTheNext()
    {
        var first = PendingPublish.Rent();
        var earlier = first.Completion;
        var task = first.AsTask(CancellationToken.None);
        earlier.Succeed();
        await task;
        var others = new List<PendingPublish>();
        PendingPublish again;
        while ((again = PendingPublish.Rent()) != first && others.Count < 10_000)
            others.Add(again);
        again.ShouldBeSameAs(first);
        var next = again.AsTask(CancellationToken.None);
        earlier.Succeed();
        next.IsCompleted.ShouldBeFalse();
        again.Completion.Succeed();
        await next;
    }
}

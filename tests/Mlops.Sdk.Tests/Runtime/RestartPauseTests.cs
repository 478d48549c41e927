using Mlops.Runtime.Workers;

namespace Mlops.Sdk.Tests.Runtime;

public sealed class RestartPauseTests
{
    [Fact]
    public void WaitAsync_EndsInARow_WaitsTwiceAsLongEachTimeUpToALimit()
    {
        var time = new RecordingTime();
        var pause = new RestartPause(time);
        for (int end = 0; end < 10; end++)
        {
            pause.Lengthen();
            _ = pause.WaitAsync(CancellationToken.None);
        }

        time.Waited.ShouldBe([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]);
        pause.Ends.ShouldBe(10);
    }

    [Fact]
    public void Reset_AfterItWorked_NextRestartIsAtOnce()
    {
        var time = new RecordingTime();
        var pause = new RestartPause(time);
        pause.Lengthen();
        pause.Lengthen();
        pause.Reset();
        pause.Lengthen();

        pause.WaitAsync(CancellationToken.None).IsCompleted.ShouldBeTrue();
        time.Waited.ShouldBeEmpty();
    }

    /// <summary>A clock that stands still and writes down what it is asked to wait for.</summary>
    private sealed class RecordingTime : TimeProvider
    {
        public List<double> Waited { get; } = [];

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waited.Add(dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }
    }
}

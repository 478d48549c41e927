using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class WantedFramesTests
{
    private readonly FrameCounters _counters = new("camera");

    [Fact]
    public async Task Shorten_MoreOldOnesThanMayWait_GivesTheOldestBackAndCountsThem()
    {
        using var wanted = new WantedFrames(mostOld: 2, _counters);
        PlainFrame[] frames = [.. new[] { 50, 20, 10, 30, 40 }.Select(time => new PlainFrame(time))];
        foreach (PlainFrame frame in frames)
        {
            wanted.Add(frame);
            frame.Dispose();
        }

        wanted.Shorten(mark: 50);

        frames.Where(f => f.IsBack).Select(f => f.HostTime).ShouldBe([20, 10], ignoreOrder: true);
        _counters.Skipped.ShouldBe(2);
        foreach (long time in (long[])[50, 30, 40])
        {
            using CameraFrame next = await Eventually.Within(wanted.TakeAsync(CancellationToken.None).AsTask());
            next.HostTime.ShouldBe(time);
        }

        // Nothing is left, though five were counted in.
        using var stop = new CancellationTokenSource();
        Task<CameraFrame> more = wanted.TakeAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(more);
    }

    [Fact]
    public void Dispose_FramesThatWait_GivesThemBackAndCountsThem()
    {
        var frame = new PlainFrame(1);
        var wanted = new WantedFrames(mostOld: 2, _counters);
        wanted.Add(frame);
        frame.Dispose();
        frame.IsBack.ShouldBeFalse();

        wanted.Dispose();

        frame.IsBack.ShouldBeTrue();
        _counters.Skipped.ShouldBe(1);
    }
}

using System.Collections.Concurrent;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

/// <summary>How long the driver waits before it opens a camera again, by a clock that does not wait.</summary>
public sealed class BackOffTests
{
    [Theory]
    [InlineData(1.0, new[] { 0.1, 0.2, 0.4, 0.8, 1, 1, 1 })]
    [InlineData(0.1, new[] { 0.1, 0.1, 0.1 })]
    [InlineData(5.0, new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5 })]
    public async Task Run_CameraThatDoesNotAnswer_IsTriedLaterEachTimeUpToTheBound(double longest, double[] expected)
    {
        var camera = new FailingProvider(answersAt: -1);

        IReadOnlyList<double> waits = await RunAsync(camera, longest, expected.Length);

        waits.ShouldBe(expected);
    }

    [Fact]
    public async Task Run_CameraThatAnsweredInBetween_IsTriedSoonAgain()
    {
        var camera = new FailingProvider(answersAt: 4);

        IReadOnlyList<double> waits = await RunAsync(camera, longest: 10, count: 7, recording: TimeSpan.FromSeconds(1));

        waits.ShouldBe([0.1, 0.2, 0.4, 0.8, 0.1, 0.2, 0.4]);
    }

    private static async Task<IReadOnlyList<double>> RunAsync(ICameraProvider camera, double longest, int count, TimeSpan? recording = null)
    {
        using var stop = new CancellationTokenSource();
        using var instruments = new GenICamInstruments();
        var clock = new Waits(count, recording, stop);
        var settings = new GenICamSettings { Camera = "failing", Storage = { Frames = StoredFrames.None }, LongestRetry = TimeSpan.FromSeconds(longest) };
        await using var driver = (GenICamDriver)new GenICamDriverFactory([camera], instruments, new NoServices(), clock).Create("camera", settings);

        await Should.ThrowAsync<OperationCanceledException>(Eventually.Within(driver.RunAsync(new KeepingSink("camera"), stop.Token)));

        return [.. clock.Seconds.Take(count)];
    }

    /// <summary>Notes what is waited for and lets it be over at once; after so many times it is enough.</summary>
    private sealed class Waits(int count, TimeSpan? recording, CancellationTokenSource stop) : TimeProvider
    {
        public ConcurrentQueue<double> Seconds { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // So long the last frames of a connection have, if there are any.
            if (dueTime != recording)
                Seconds.Enqueue(dueTime.TotalSeconds);
            if (Seconds.Count >= count)
                stop.Cancel();
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>A camera that fails when it is opened; once it can be opened, and fails when frames are to be taken.</summary>
    private sealed class FailingProvider(int answersAt) : ICameraProvider
    {
        private int _tries;

        public string Name => "failing";

        public IReadOnlyList<CameraInfo> Discover() => [];

        public ICamera Open(string camera) => _tries++ == answersAt ? new FailingCamera() : throw new CameraException("It does not answer.");
    }

    private sealed class FailingCamera : ICamera
    {
        public CameraInfo Info => new("failing");

        public bool IsLost => true;

        public IReadOnlyList<CameraFeature> List(string? category) => [];

        public CameraFeature Describe(string name) => throw Missing();

        public object Read(string name) => throw Missing();

        public object Write(string name, object value) => throw Missing();

        public void SetFrameRate(double framesPerSecond) => throw Missing();

        public void SetTrigger(string? source)
        {
            // It takes anything.
        }

        public void Trigger() => throw Missing();

        public IFrameSource Start(StreamOptions options) => throw new CameraException("It is gone.");

        public void Dispose()
        {
            // It holds nothing.
        }

        private static CameraException Missing() => new("It has no features.") { IsWrongSetting = true };
    }
}

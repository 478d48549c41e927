using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

/// <summary>What a camera's state says of the frames that are lost.</summary>
public sealed class CameraTroublesTests : IDisposable
{
    private readonly FrameCounters _counters = new("camera");
    private readonly SetTime _time = new();
    private readonly FrameStorage _storage;
    private readonly CameraTroubles _troubles;

    public CameraTroublesTests()
    {
        var settings = new GenICamSettings { Camera = "Acme-1", FrameTimeout = TimeSpan.FromSeconds(5) };
        _storage = new FrameStorage(settings.Storage, new MemoryBlobs { IsFull = true }, _counters);
        _counters.CountLate();
        _troubles = new CameraTroubles("press", settings, _counters, _storage, _time);
    }

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void Look_NothingLostSinceItBegan_SaysNothing() => Look().ShouldBeNull();

    [Fact]
    public void Look_SeveralLossesAtOnce_SaysEachForTenSeconds()
    {
        _counters.CountLate();
        _counters.CountSkipped();
        _counters.Observe(new StreamStatistics(Completed: 9, Incomplete: 1, Starved: 1, ResentPackets: 0, MissingPackets: 3), TimeSpan.Zero);

        string said = Look(sinceFrame: TimeSpan.FromSeconds(1))!;
        said.ShouldStartWith("Asset 'press': frames find no free buffer (1 so far).");
        said.ShouldContain(" Also: frames come incomplete and are left out (1 so far, 3 packets missing).");
        said.ShouldContain(" Also: storing is slower than the camera; 1 pictures were left out so far.");
        said.ShouldContain(" Also: predictions ask for frames that are no longer in memory (2 so far).");

        _time.Now += TimeSpan.FromSeconds(10);
        Look().ShouldBe(said);
        _counters.CountLate();
        Look()!.ShouldContain("in memory (3 so far)");
        _time.Now += TimeSpan.FromSeconds(0.1);
        Look()!.ShouldStartWith("Asset 'press': predictions ask for frames that are no longer in memory (3 so far).");
        _time.Now += TimeSpan.FromSeconds(10);
        Look().ShouldBeNull();
    }

    [Fact]
    public void Look_StarvedOfBuffers_GoesOnUntilAFrameComesAndBlamesNoNetwork()
    {
        _counters.Observe(new StreamStatistics(0, 0, Starved: 4, 0, 0), TimeSpan.Zero);
        Look().ShouldNotBeNull();

        _time.Now += TimeSpan.FromMinutes(1);
        Look(sinceFrame: TimeSpan.FromMinutes(1)).ShouldBe("Asset 'press': frames find no free buffer (4 so far). Enlarge 'buffers', or store fewer frames.");

        _time.Now += TimeSpan.FromSeconds(11);
        Look().ShouldBeNull();
    }

    [Fact]
    public void Look_NoFrames_IsTroubleWhenFramesAreDue()
    {
        Look(sinceFrame: TimeSpan.FromSeconds(6), isContinuous: false).ShouldBeNull();
        Look(sinceFrame: TimeSpan.FromSeconds(5)).ShouldBeNull();
        Look(sinceFrame: TimeSpan.FromSeconds(6))!.ShouldStartWith("Asset 'press': no frame has come from 'Acme-1' for 5 s.");
    }

    [Fact]
    public async Task Look_FrameThatCouldNotBeStored_SaysWhyThoughTheNextWasStored()
    {
        var blobs = new MemoryBlobs { IsFull = true };
        using var storage = new FrameStorage(new GenICamStorageSettings { Encoding = FrameEncoding.Raw }, blobs, _counters);
        var troubles = new CameraTroubles("press", new GenICamSettings(), _counters, storage, _time);
        using var frame = new PlainFrame(time: 1, width: 8, height: 8, 7);
        (await storage.StoreAsync(frame, CancellationToken.None)).ShouldBeNull();
        blobs.IsFull = false;
        (await storage.StoreAsync(frame, CancellationToken.None)).ShouldNotBeNull();

        troubles.Look(TimeSpan.Zero, isContinuous: true)!.ShouldContain("frames cannot be stored (1 so far): No space left");
    }

    private string? Look(TimeSpan sinceFrame = default, bool isContinuous = true) => _troubles.Look(sinceFrame, isContinuous);
}

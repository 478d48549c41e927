using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class StreamingTests
{
    [Fact]
    public async Task Run_SmallestSettings_MakesARecordOfEachFrame()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using RunningCamera driver = RunningCamera.Start(new GenICamSettings { Camera = camera.Address, Features = { ["Width"] = "256", ["Height"] = "128" } });

        await driver.UntilAsync(s => s.Records.Count >= 10);

        var records = driver.Sink.Records.ToArray();
        records.ShouldAllBe(r => r.Group == "frames" && (long)r.Values["width"]! == 256 && (long)r.Values["height"]! == 128 && (string)r.Values["format"]! == "Mono8");
        long[] numbers = [.. records.Select(r => (long)r.Values["frame"]!)];
        numbers.Zip(numbers.Skip(1)).ShouldAllBe(pair => pair.Second > pair.First);
        driver.Blobs.Contents.ShouldNotBeEmpty();
        records.ShouldContain(r => r.Values["image"] != null);
        records[0].Values["exposure"].ShouldBeOfType<double>();
    }

    [Fact]
    public async Task Browse_Write_Preview_ReachTheCamera()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using RunningCamera driver = RunningCamera.Start(new GenICamSettings { Camera = camera.Address, Storage = { Frames = StoredFrames.None } });
        await driver.UntilAsync(s => s.Records.Count >= 3);

        IReadOnlyList<BrowseItem> top = await driver.Browser.BrowseAsync(null, CancellationToken.None);
        top.ShouldContain(item => item.HasChildren);
        IReadOnlyList<WriteOutcome> outcomes = await driver.Writer.WriteAsync([new AssetValue("ExposureTimeAbs", 2500.0), new AssetValue("Nothing", 1L)], CancellationToken.None);
        outcomes[0].Error.ShouldBeNull();
        outcomes[1].Error!.ShouldContain("'Nothing'");
        PreviewFrame? preview = await driver.Previewer.PreviewAsync(CancellationToken.None);
        preview.ShouldNotBeNull();
        preview.Content.Length.ShouldBeGreaterThan(100);
    }
}

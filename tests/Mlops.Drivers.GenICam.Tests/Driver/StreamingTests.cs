using Mlops.Data;
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

        await driver.UntilAsync(s => s.Records.Count >= 10 && s.Records.Any(r => r.Values["image"] != null));

        var records = driver.Sink.Records.ToArray();
        records.ShouldAllBe(r => r.Group == "frames" && (long)r.Values["width"]! == 256 && (long)r.Values["height"]! == 128 && (string)r.Values["format"]! == "Mono8");
        long[] numbers = [.. records.Select(r => (long)r.Values["frame"]!)];
        numbers.Zip(numbers.Skip(1)).ShouldAllBe(pair => pair.Second > pair.First);
        driver.Blobs.Contents.ShouldNotBeEmpty();
        records[0].Values["exposure"].ShouldBeOfType<double>();
    }

    [Fact]
    public async Task Run_Region_TakesThatPartOfThePicture()
    {
        var settings = new GenICamSettings { Camera = "Fake_1", Region = new GenICamRegionSettings { X = 64, Y = 32, Width = 1984, Height = 48 }, Storage = { Frames = StoredFrames.None } };
        await using RunningCamera driver = RunningCamera.Start(settings, hasSimulation: true);

        await driver.UntilAsync(s => s.Records.Count >= 3);

        driver.Sink.Records.ShouldAllBe(r => (long)r.Values["width"]! == 1984 && (long)r.Values["height"]! == 48);
        IReadOnlyList<BrowseItem> items = await driver.Browser.BrowseAsync("ImageFormatControl", CancellationToken.None);
        foreach ((string name, int value) in (IEnumerable<(string, int)>)[("OffsetX", 64), ("OffsetY", 32)])
            items.Single(i => i.Id == name).Description!.ShouldContain($"now {value};");
    }

    [Fact]
    public async Task Browse_Tree_TellsTypeRangeChoicesAndAccess()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start("over the belt");
        await using RunningCamera driver = RunningCamera.Start(new GenICamSettings { Camera = camera.Address.ToString(), Storage = { Frames = StoredFrames.None } });
        await driver.UntilAsync(s => !s.Records.IsEmpty);

        IReadOnlyList<BrowseItem> top = await driver.Browser.BrowseAsync(null, CancellationToken.None);
        top.Select(i => (i.Id, i.HasChildren, i.Type)).ShouldBe([("DeviceControl", true, null), ("ImageFormatControl", true, null), ("AcquisitionControl", true, null), ("ChunkDataControl", true, null)]);
        var items = new Dictionary<string, BrowseItem>();
        foreach (BrowseItem category in top)
        {
            foreach (BrowseItem item in await driver.Browser.BrowseAsync(category.Id, CancellationToken.None))
                items[item.Id] = item;
        }

        items["Width"].ShouldBe(new BrowseItem("Width", "Width") { Type = FieldType.Int64, Writable = true, Description = "now 64; 16 to 640" });
        items["ExposureTime"].ShouldBe(new BrowseItem("ExposureTime", "ExposureTime") { Type = FieldType.Float64, Unit = "us", Writable = true, Description = "now 5000; 10 to 100000" });
        items["TriggerSource"].ShouldBe(new BrowseItem("TriggerSource", "TriggerSource") { Type = FieldType.Text, Writable = true, Description = "now Software; one of Software, Line1, Line2" });
        items["DeviceSerialNumber"].ShouldBe(new BrowseItem("DeviceSerialNumber", "DeviceSerialNumber") { Type = FieldType.Text, Description = $"now {camera.Serial}" });
        items["DeviceUserID"].Writable.ShouldBeTrue();
        items["DeviceUserID"].Description.ShouldBe("now over the belt");
        (items["ChunkModeActive"].Type, items["ChunkModeActive"].Description).ShouldBe((FieldType.Boolean, "now false"));
        (items["AcquisitionStart"].Type, items["AcquisitionStart"].Writable).ShouldBe((null, true));
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

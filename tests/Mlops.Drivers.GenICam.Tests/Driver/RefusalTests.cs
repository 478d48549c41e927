using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class RefusalTests
{
    public static TheoryData<string, Action<GenICamSettings>, string[]> WrongSettings => new()
    {
        { "unknown feature", s => s.Features["Wdith"] = "256", ["has no feature 'Wdith'", "browse"] },
        { "out of range", s => s.Features["Width"] = "100000", ["'Width' cannot be 100000", "1 to 2048"] },
        { "below range", s => s.Features["ExposureTimeAbs"] = "1.5", ["'ExposureTimeAbs' cannot be 1.5", "10 to 10000000"] },
        { "no number", s => s.Features["Width"] = "wide", ["'Width' cannot be wide", "whole number"] },
        { "unknown choice", s => s.Features["PixelFormat"] = "Mono9", ["'PixelFormat' cannot be Mono9", "Mono8, RGB8, Mono16"] },
        { "category", s => s.Features["ImageFormatControl"] = "1", ["'ImageFormatControl'", "category"] },
        { "wrong step", s => s.Steps.Add("GainAuto=Sometimes"), ["'GainAuto' cannot be Sometimes", "Off, Once, Continuous"] },
        { "region too wide", s => s.Region = new GenICamRegionSettings { Width = 5000, Height = 100 }, ["'Width' cannot be 5000", "1 to 2048"] },
        { "region beyond the edge", s => s.Region = new GenICamRegionSettings { X = 2000, Width = 256, Height = 100 }, ["'OffsetX' cannot be 2000", "0 to 1792"] },
        { "unknown line", s => s.Trigger = new GenICamTriggerSettings { Source = "Line7" }, ["'TriggerSource' cannot be Line7", "Line0, Software"] },
        { "chunks that it has not", s => s.Chunks.Add("ExposureTime"), ["'ChunkModeActive'"] },
    };

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public async Task Run_WrongSetting_NamesFeatureValueAndWhatIsAllowed(string what, Action<GenICamSettings> change, string[] expected)
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        var settings = new GenICamSettings { Camera = camera.Address, Storage = { Frames = StoredFrames.None } };
        change(settings);
        await using RunningCamera driver = RunningCamera.Start(settings);

        DriverConfigurationException error = await Eventually.Within(Should.ThrowAsync<DriverConfigurationException>(driver.Run));

        error.Message.ShouldContain("camera", Case.Sensitive, what);
        foreach (string part in expected)
            error.Message.ShouldContain(part);
    }

    [Fact]
    public async Task Run_UnknownCamera_SaysWhichAnswerAndGoesOnTrying()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using RunningCamera driver = RunningCamera.Start(new GenICamSettings { Camera = "Acme-17", Storage = { Frames = StoredFrames.None } });

        await driver.UntilAsync(s => s.States.Count(state => state.State == DriverState.Faulted) >= 2 && s.States.Any(state => state.Reason!.Contains($"'{camera.Id}'", StringComparison.Ordinal)));

        driver.Sink.States.Where(s => s.State == DriverState.Faulted).ShouldAllBe(s => s.Reason!.Contains("'Acme-17' was not found"));
    }

    [Fact]
    public async Task Run_CameraInUse_SaysSoAndTakesItWhenItIsFree()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        var settings = new GenICamSettings { Camera = camera.Address, Storage = { Frames = StoredFrames.None } };
        RunningCamera first = RunningCamera.Start(settings);
        await first.UntilAsync(s => !s.Records.IsEmpty);
        await using RunningCamera second = RunningCamera.Start(settings);
        await second.UntilAsync(s => s.States.Any(state => state.State == DriverState.Faulted));
        second.Sink.States.First(s => s.State == DriverState.Faulted).Reason!.ShouldContain($"'{camera.Address}' is in use");

        await first.DisposeAsync();

        await second.UntilAsync(s => !s.Records.IsEmpty);
    }

    [Fact]
    public void Create_WhatTheHostHasNot_NamesTheSetting()
    {
        Refused(s => s.Provider = "gentl").ShouldBe(["provider"]);
        Refused(s => s.Storage.Frames = StoredFrames.Asked).ShouldBe(["storage.asked"]);
        Refused(s => s.Trigger = new GenICamTriggerSettings { Source = "Line0", Topic = "go" }).ShouldBe(["trigger.source", "trigger.topic"]);
        Refused(s => s.Trigger = new GenICamTriggerSettings { Feed = "f" }).ShouldBe(["trigger.feed"]);
        Refused(s => s.Storage.Frames = StoredFrames.All, hasBlobs: false).ShouldBe(["storage.frames"]);
    }

    private static string[] Refused(Action<GenICamSettings> change, bool hasBlobs = true)
    {
        var settings = new GenICamSettings { Camera = "x", Storage = { Encoding = FrameEncoding.Raw } };
        change(settings);
        var error = Should.Throw<DriverConfigurationException>(() => RunningCamera.Create(settings, hasBlobs));
        return [.. error.Findings.Select(f => f.Setting)];
    }
}

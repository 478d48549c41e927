using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Brings a camera into the state that the settings describe, and checks that it is in it.</summary>
internal static class CameraSetup
{
    private const string AcquisitionMode = "AcquisitionMode";
    private const string Continuous = "Continuous";
    private const string TriggerSource = "TriggerSource";
    private const string TriggerMode = "TriggerMode";

    /// <exception cref="CameraException">A feature is missing or does not take its value.</exception>
    public static void Apply(ICamera camera, GenICamSettings settings)
    {
        // Another program may have left it taking single frames.
        if (!settings.Features.ContainsKey(AcquisitionMode) && Find(camera, AcquisitionMode) is { IsWritable: true } mode && mode.Choices.Contains(Continuous))
            camera.Write(AcquisitionMode, Continuous);
        if (settings.Region is { } region)
            SetRegion(camera, region);
        SetInAnyOrder(camera, [.. settings.Features.Select(f => (f.Key, f.Value.ToString()))]);
        foreach (string chunk in settings.Chunks)
        {
            camera.Write("ChunkModeActive", true);
            camera.Write("ChunkSelector", chunk);
            camera.Write("ChunkEnable", true);
        }

        if (settings.FrameRate is { } rate)
            camera.SetFrameRate(rate);
        SetTrigger(camera, settings.Trigger?.Source);

        // The last word: they can also change what the trigger was given, such as its edge and delay.
        foreach (string step in settings.Steps)
        {
            int equals = step.IndexOf('=', StringComparison.Ordinal);
            camera.Write((equals < 0 ? step : step[..equals]).Trim(), equals < 0 ? "" : step[(equals + 1)..].Trim());
        }
    }

    /// <summary>Tells whether frames come by themselves, one after the other, until the acquisition is stopped.</summary>
    public static bool IsContinuous(ICamera camera) => Find(camera, AcquisitionMode)?.Value is null or Continuous;

    private static void SetTrigger(ICamera camera, string? source)
    {
        if (source is null)
        {
            camera.SetTrigger(null);
            return;
        }

        FeatureValues.Fit(camera.Info.Id, camera.Describe(TriggerSource), source);
        camera.SetTrigger(source);
        foreach (var (name, wanted) in new[] { (TriggerSource, source), (TriggerMode, "On") })
            FeatureValues.Verify(camera.Info.Id, camera.Describe(name), wanted, camera.Read(name));
    }

    // Whether a value is accepted may depend on others (an exposure on the frame rate, a width on the offset), and configurations do
    // not keep an order: what is refused is tried again once another one was accepted.
    private static void SetInAnyOrder(ICamera camera, List<(string Name, string Value)> features)
    {
        while (features.Count > 0)
        {
            var refused = new List<(string, string)>();
            CameraException? reason = null;
            foreach (var (name, value) in features)
            {
                try
                {
                    camera.Write(name, value);
                }
                catch (CameraException error)
                {
                    refused.Add((name, value));
                    reason ??= error;
                }
            }

            if (refused.Count == features.Count)
                throw reason!;
            features = refused;
        }
    }

    // The offsets go first, else a greater width would not fit beside them.
    private static void SetRegion(ICamera camera, GenICamRegionSettings region)
    {
        foreach (string offset in (string[])["OffsetX", "OffsetY"])
        {
            if (camera.Describe(offset) is { IsWritable: true, Minimum: long least })
                camera.Write(offset, least);
        }

        camera.Write("Width", (long)region.Width);
        camera.Write("Height", (long)region.Height);
        Offset(camera, "OffsetX", region.X, region.Width, "WidthMax", "SensorWidth");
        Offset(camera, "OffsetY", region.Y, region.Height, "HeightMax", "SensorHeight");
    }

    // Some cameras take an offset beyond which the picture does not fit, and send nothing then.
    private static void Offset(ICamera camera, string name, int value, int length, params ReadOnlySpan<string> limits)
    {
        foreach (string limit in limits)
        {
            if (Find(camera, limit) is { Value: long most })
            {
                if (value + (long)length > most)
                    throw new CameraException($"Camera '{camera.Info.Id}': '{name}' cannot be {value} with {length} pixels after it. Allowed is 0 to {most - length} ({limit} is {most}).") { IsWrongSetting = true };
                break;
            }
        }

        if (!Equals(camera.Read(name), (long)value))
            camera.Write(name, (long)value);
    }

    private static CameraFeature? Find(ICamera camera, string name)
    {
        try
        {
            return camera.Describe(name);
        }
        catch (CameraException)
        {
            return null;
        }
    }
}

using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class CameraSetupTests
{
    [Fact]
    public void Apply_FeaturesThatDependOnEachOther_AreSetInAnOrderThatWorks()
    {
        // The exposure fits only into the longer period, which is allowed only by the slow mode.
        var camera = new StrictCamera(new() { ["Exposure"] = "Period", ["Period"] = "Slow" });

        CameraSetup.Apply(camera, new GenICamSettings { Features = { ["Exposure"] = "40000", ["Period"] = "50000", ["Slow"] = "true" } });

        camera.Done.ShouldBe(["Slow=true", "Period=50000", "Exposure=40000", "no trigger"]);
    }

    [Fact]
    public void Apply_FeatureThatIsNeverTaken_SaysTheFirstReason()
    {
        var camera = new StrictCamera(new() { ["Exposure"] = "Period", ["Period"] = "Slow" });

        CameraException error = Should.Throw<CameraException>(() => CameraSetup.Apply(camera, new GenICamSettings { Features = { ["Exposure"] = "40000", ["Period"] = "50000" } }));

        error.Message.ShouldBe("'Exposure' needs 'Period'.");
    }

    [Fact]
    public void Apply_Everything_KeepsTheOrderThatIsDocumented()
    {
        var camera = new StrictCamera([]);

        CameraSetup.Apply(camera, new GenICamSettings
        {
            Steps = { "GainSelector=Red", "Gain = 2.5", "UserSetLoad" },
            Features = { ["Width"] = "64" },
            FrameRate = 12.5,
            Chunks = { "Gain" },
        });

        camera.Done.ShouldBe(["Width=64", "ChunkModeActive=True", "ChunkSelector=Gain", "ChunkEnable=True", "12.5 frames/s", "no trigger", "GainSelector=Red", "Gain=2.5", "UserSetLoad="]);
    }

    /// <summary>A camera that takes a feature only after the one that it needs.</summary>
    private sealed class StrictCamera(Dictionary<string, string> needs) : ICamera
    {
        private readonly HashSet<string> _set = [];

        public List<string> Done { get; } = [];

        public CameraInfo Info => new("strict");

        public bool IsLost => false;

        public IReadOnlyList<CameraFeature> List(string? category) => [];

        public CameraFeature Describe(string name) => throw new CameraException($"No '{name}'.");

        public object Read(string name) => throw new CameraException($"No '{name}'.");

        public object Write(string name, object value)
        {
            if (needs.TryGetValue(name, out string? other) && !_set.Contains(other))
                throw new CameraException($"'{name}' needs '{other}'.");
            _set.Add(name);
            Done.Add($"{name}={value}");
            return value;
        }

        public void SetFrameRate(double framesPerSecond) => Done.Add(FormattableString.Invariant($"{framesPerSecond} frames/s"));

        public void SetTrigger(string? source) => Done.Add(source ?? "no trigger");

        public void Trigger() => Done.Add("triggered");

        public IFrameSource Start(StreamOptions options) => throw new NotSupportedException();

        public void Dispose() => Done.Add("disposed");
    }
}

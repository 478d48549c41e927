using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Mlops.Drivers;

namespace Mlops.Tests.Drivers;

/// <summary>Drivers that do what the test says, for each asset.</summary>
internal sealed class ScriptedDriverFactory(string kind = "scripted") : IHighLevelDriverFactory
{
    public delegate Task Script(IRecordSink sink, int run, CancellationToken stop);

    public ConcurrentDictionary<string, Script> Scripts { get; } = new();

    public ConcurrentDictionary<string, int> Runs { get; } = new();

    public Func<string, Exception?> FailCreate { get; set; } = _ => null;

    public Func<string, Task> Dispose { get; set; } = _ => Task.CompletedTask;

    public Func<object, IHighLevelDriver, IHighLevelDriver> Decorate { get; set; } = (_, driver) => driver;

    public ConcurrentQueue<Settings> Given { get; } = new();

    public string Kind => kind;

    public Type SettingsType => typeof(Settings);

    public IHighLevelDriver Create(string asset, object settings)
    {
        int run = Runs.AddOrUpdate(asset, 1, (_, n) => n + 1);
        Given.Enqueue((Settings)settings);
        if (FailCreate(asset) is { } failure)
            throw failure;
        return Decorate(settings, new Driver(this, asset, run));
    }

    /// <summary>Reports connected and waits.</summary>
    public static async Task Idle(IRecordSink sink, int run, CancellationToken stop)
    {
        sink.Report(DriverState.Connected);
        await Task.Delay(Timeout.Infinite, stop);
    }

    internal sealed class Settings
    {
        [Required]
        [Display(Name = "Address", Description = "Where the asset is.")]
        public string Address { get; set; } = "";

        [DataType(DataType.Password)]
        public string? Password { get; set; }

        [Range(1, 100)]
        public int Speed { get; set; } = 10;

        public DayOfWeek Day { get; set; } = DayOfWeek.Monday;

        [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
        public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

        public List<Point> Points { get; set; } = [];

        public Dictionary<string, double> Factors { get; set; } = [];

        public bool? Flag { get; set; }

        public string Shown => Address;
    }

    internal sealed class Point
    {
        [Required]
        public string Name { get; set; } = "";

        [Range(0.0, 1.0)]
        public double Weight { get; set; } = 1;

        [DataType(DataType.Password)]
        public string? Token { get; set; }
    }

    private sealed class Driver(ScriptedDriverFactory factory, string asset, int run) : IHighLevelDriver
    {
        public Task RunAsync(IRecordSink sink, CancellationToken stop) => factory.Scripts.GetValueOrDefault(asset, Idle)(sink, run, stop);

        public async ValueTask DisposeAsync() => await factory.Dispose(asset);
    }
}

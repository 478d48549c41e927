using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Mlops.Data;
using Mlops.Drivers;

namespace Mlops.Tests.Drivers;

/// <summary>Drivers that write numbers, or fail in the ways that their settings say.</summary>
internal sealed class CountingDriverFactory(string kind = "counting") : IHighLevelDriverFactory
{
    public string Kind => kind;

    public Type SettingsType => typeof(Settings);

    public ConcurrentQueue<string> Created { get; } = new();

    public int Disposed;

    public IHighLevelDriver Create(string asset, object settings)
    {
        Created.Enqueue(asset);
        return new Driver(this, asset, (Settings)settings);
    }

    internal sealed class Settings
    {
        [Range(1, 1000)]
        public int Records { get; set; } = 3;

        public string Mode { get; set; } = "run";

        [Required]
        public string Group { get; set; } = "values";
    }

    private sealed class Driver(CountingDriverFactory factory, string asset, Settings settings) : IHighLevelDriver
    {
        public async Task RunAsync(IRecordSink sink, CancellationToken stop)
        {
            int run = factory.Created.Count(a => a == asset);
            if (settings.Mode == "refuse")
                throw new DriverConfigurationException($"Asset '{asset}': Mode 'refuse' cannot be. Set another.");
            if (settings.Mode == "fail" && run == 1)
                throw new InvalidOperationException("the cable is out");
            if (settings.Mode == "end" && run == 1)
                return;
            FeedSchema schema = await sink.DeclareAsync(settings.Group, [new FeedField("n", FieldType.Int64)], stop);
            var builder = new RecordBatchBuilder(schema);
            for (int i = 1; i <= settings.Records; i++)
            {
                builder.BeginRow(i);
                builder.SetInt64(0, i);
                builder.EndRow();
            }

            using RecordBatch batch = builder.Build();
            await sink.WriteAsync(batch, stop);
            sink.Report(DriverState.Connected);
            await Task.Delay(Timeout.Infinite, stop);
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref factory.Disposed);
            return ValueTask.CompletedTask;
        }
    }
}

using Mlops.Data;
using Mlops.Drivers;

namespace Mlops.Benchmarks.OpcUa;

/// <summary>Takes records, keeps none, and notes how old the newest value of each is.</summary>
internal sealed class LatencySink : IRecordSink
{
    private readonly Lock _gate = new();
    private readonly List<double> _latencies = new(1_000_000);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task First => _first.Task;

    public void Begin()
    {
        lock (_gate)
            _latencies.Clear();
    }

    /// <summary>Returns milliseconds in rising order.</summary>
    public double[] End()
    {
        lock (_gate)
            return [.. _latencies.Order()];
    }

    public ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default) =>
        new(new FeedSchema($"opcua.bench.{group}", fields));

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        long now = EpochTime.FromDateTimeOffset(DateTimeOffset.UtcNow);
        lock (_gate)
        {
            foreach (long time in batch.Timestamps)
                _latencies.Add((now - time) / 1e6);
        }

        _first.TrySetResult();
        return default;
    }

    public void Report(DriverState state, string? reason = null)
    {
        if (reason is not null)
            Console.Error.WriteLine($"{state}: {reason}");
    }

    public ValueTask<IReadOnlyDictionary<string, string>> RecallAsync(CancellationToken cancellationToken = default) => new(new Dictionary<string, string>());

    public ValueTask RememberAsync(string key, string? value, CancellationToken cancellationToken = default) => default;
}

using System.Diagnostics;
using System.Text.Json;
using Mlops.Benchmarks.Harness;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Ingest;

namespace Mlops.Benchmarks.Json;

internal sealed class JsonScenario : IScenario, IDisposable
{
    // Twice the window in which repeated messages are recognised, so that each one is new when it comes again.
    private const int Distinct = 16_384;
    private const int RowsOfABatch = 256;
    private static readonly Metric[] s_metrics =
    [
        new("throughput", "messages/s", HigherIsBetter: true),
        new("time per message", "µs"),
        new("allocated", "B/message"),
    ];

    private readonly byte[][] _messages = BulkMessageText.WriteMany(Distinct);
    private readonly IngestInstruments _instruments = new(new DeadLetterTally());
    private readonly DatabusDecoder _decoder;
    private readonly DatabusRoute _route;
    private readonly FeedInlet _inlet;
    private double _sum;

    public JsonScenario()
    {
        AnnouncedDataPoint[] points = [.. Enumerable.Range(0, BulkMessageText.Values).Select(i => new AnnouncedDataPoint($"value{i}", $"{101 + i}", "LReal", false))];
        _inlet = new FeedInlet(new FeedSchema("bench.plc.cycle", points.Select(p => new FeedField(p.Name, FieldType.Float64))), duplicateWindow: 8192);
        _route = new DatabusRoute("bench", "ie/d/j/simatic/v1/bench/dp/r/plc/cycle");
        _route.Announce(_inlet, new DatabusMap(BulkMessageText.HashVersion, points), "bulk");
        _decoder = new DatabusDecoder(_instruments);
    }

    public string Name => "json-to-columns";

    public string Title => "A databus message to columns";

    public string Method =>
        $"Bulk messages of {BulkMessageText.Values} values ({_messages[0].Length} bytes), {Distinct:#,0} different ones, on one thread. Mlops: UTF-8 checked, parsed by `DatabusDecoder` into "
        + $"the columns of a `RecordBatch`, ids and times resolved, repeated messages looked for, a batch built and released every {RowsOfABatch} rows. "
        + "Baseline: `JsonSerializer.Deserialize` with source-generated metadata into classes of the same message; it looks nothing up and builds no columns, which speaks for it.";

    public Task RunAsync(Comparison comparison, CancellationToken stop) => comparison.RunAsync(
        "16 values", 9, s_metrics,
        new Contender("DatabusDecoder", _ => Round(Decode)),
        new Contender("System.Text.Json, source-generated classes", _ => Round(Deserialize)),
        stop);

    public void Dispose() => _instruments.Dispose();

    private Task<IReadOnlyDictionary<string, double>> Round(Action all)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        all();
        double seconds = clock.Elapsed.TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (_sum == 0)
            throw new InvalidOperationException("Nothing was read: the sum of all values is 0.");
        return Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double>
        {
            ["throughput"] = Distinct / seconds,
            ["time per message"] = seconds * 1e6 / Distinct,
            ["allocated"] = (double)allocated / Distinct,
        });
    }

    private void Decode()
    {
        foreach (byte[] message in _messages)
        {
            DatabusDecodeResult result = _decoder.Decode(_route, message, received: 1, arrival: 1);
            if (result.Rows != 1)
                throw new InvalidOperationException($"A message gave {result.Rows} rows instead of 1.");
            if (_inlet.Rows.Count == RowsOfABatch)
                Finish();
        }
    }

    private void Finish()
    {
        RecordBatchBuilder full = _inlet.Swap();
        using (RecordBatch batch = full.Build(1))
            _sum += batch.Column(0).Values<double>()[^1];
        _inlet.Return(full);
    }

    private void Deserialize()
    {
        foreach (byte[] message in _messages)
            _sum += JsonSerializer.Deserialize(message, BulkMessageJson.Default.BulkMessageClass)!.Values[^1].Number;
    }
}

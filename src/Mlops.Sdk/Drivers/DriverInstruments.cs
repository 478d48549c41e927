using System.Diagnostics.Metrics;

namespace Mlops.Drivers;

/// <summary>
/// What drivers do, as a meter. Every instrument has the tags <c>kind</c> and <c>asset</c>; an asset that is changed or started anew
/// counts from 0 again, and one that is removed is no longer there.
/// </summary>
/// <remarks>Bounded: assets behind the first thousand, in the order of their ids, are added up under the asset <c>other</c> of their kind.</remarks>
internal sealed class DriverInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Drivers";

    /// <summary>Records written by drivers, durable. Unit: records.</summary>
    public const string RecordCount = "mlops.drivers.records";

    /// <summary>Size of these records in memory. Unit: bytes.</summary>
    public const string ByteCount = "mlops.drivers.size";

    /// <summary>Reports that something is wrong (degraded or faulted) with another reason than before. Unit: reports.</summary>
    public const string ErrorCount = "mlops.drivers.errors";

    /// <summary>How often an asset was reached again after it was lost. Unit: connections.</summary>
    public const string ReconnectCount = "mlops.drivers.reconnects";

    /// <summary>How often a driver was started again after it failed. Unit: starts.</summary>
    public const string RestartCount = "mlops.drivers.restarts";

    /// <summary>Time that drivers have waited because they read faster than records can be kept. Unit: seconds.</summary>
    public const string HeldBackTime = "mlops.drivers.held_back.time";

    /// <summary>Time spent in each state, with the tag <c>state</c>. Unit: seconds.</summary>
    public const string StateTime = "mlops.drivers.state.time";

    /// <summary>Records that drivers have handed over and that are not durable yet. Unit: records.</summary>
    public const string WaitingRecords = "mlops.drivers.waiting";

    private const int MaxAssets = 1_000;
    private const string OtherAssets = "other";
    private readonly Meter _meter;
    private IAssets? _assets;

    public DriverInstruments(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _meter.CreateObservableCounter(RecordCount, () => Measure(a => a.Records), "{record}", "Records written by drivers.");
        _meter.CreateObservableCounter(ByteCount, () => Measure(a => a.Bytes), "By", "Size of the records written by drivers.");
        _meter.CreateObservableCounter(ErrorCount, () => Measure(a => a.Errors), "{report}", "Reports that something is wrong.");
        _meter.CreateObservableCounter(ReconnectCount, () => Measure(a => a.Reconnects), "{connection}", "Assets reached again after they were lost.");
        _meter.CreateObservableCounter(RestartCount, () => Measure(a => a.Restarts), "{start}", "Drivers started again after a failure.");
        _meter.CreateObservableCounter(HeldBackTime, () => Measure(a => a.HeldBackTime.TotalSeconds), "s", "Time that drivers have waited because records could not be kept fast enough.");
        _meter.CreateObservableCounter(StateTime, MeasureStates, "s", "Time spent in each state.");
        _meter.CreateObservableGauge(WaitingRecords, () => Measure(a => a.Waiting), "{record}", "Records of drivers that are not durable yet.");
    }

    public void Observe(IAssets assets) => _assets = assets;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Measure(Func<AssetInfo, long> figure) =>
        Assets().Select(a => new Measurement<long>(a.Sum(figure), Tags(a.Key)));

    private IEnumerable<Measurement<double>> Measure(Func<AssetInfo, double> figure) =>
        Assets().Select(a => new Measurement<double>(a.Sum(figure), Tags(a.Key)));

    private IEnumerable<Measurement<double>> MeasureStates() =>
        from asset in Assets()
        from state in asset.SelectMany(a => a.TimeInState).GroupBy(t => t.Key, t => t.Value.TotalSeconds)
        select new Measurement<double>(state.Sum(), [.. Tags(asset.Key), new("state", state.Key.ToString().ToLowerInvariant())]);

    private IEnumerable<IGrouping<(string Kind, string Asset), AssetInfo>> Assets() =>
        (_assets?.List() ?? []).Select((asset, i) => (asset, i)).GroupBy(a => (a.asset.Kind, a.i < MaxAssets ? a.asset.Id : OtherAssets), a => a.asset);

    private static KeyValuePair<string, object?>[] Tags((string Kind, string Asset) asset) => [new("kind", asset.Kind), new("asset", asset.Asset)];
}

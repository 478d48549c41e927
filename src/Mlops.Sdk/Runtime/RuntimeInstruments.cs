using System.Diagnostics.Metrics;

namespace Mlops.Runtime;

/// <summary>What the Python runtime counts.</summary>
internal static class RuntimeInstruments
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Runtime";

    /// <summary>Worker processes started; attribute <c>purpose</c> is training, prediction, or spare for one that waits for a prediction.</summary>
    public const string WorkerStarts = "mlops.runtime.worker.starts";

    /// <summary>Worker processes that ended unasked; attribute <c>purpose</c>.</summary>
    public const string WorkerFailures = "mlops.runtime.worker.failures";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_starts = s_meter.CreateCounter<long>(WorkerStarts, "{process}", "Worker processes started.");
    private static readonly Counter<long> s_failures = s_meter.CreateCounter<long>(WorkerFailures, "{process}", "Worker processes that ended unasked.");

    public static void WorkerStarted(string purpose) => s_starts.Add(1, new KeyValuePair<string, object?>("purpose", purpose));

    public static void WorkerFell(string purpose) => s_failures.Add(1, new KeyValuePair<string, object?>("purpose", purpose));
}

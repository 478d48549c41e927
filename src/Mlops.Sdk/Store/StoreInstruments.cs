using System.Diagnostics.Metrics;

namespace Mlops.Store;

/// <summary>The store's instruments. The names are constants for dashboards and alerts.</summary>
public static class StoreInstruments
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Mlops.Store";

    /// <summary>Counter of committed records; unit <c>{record}</c>.</summary>
    public const string RecordsName = "mlops.store.records";

    /// <summary>Counter of bytes written to the log; unit <c>By</c>.</summary>
    public const string LogBytesName = "mlops.store.log.written";

    /// <summary>Histogram of the time from the call of a commit to its being durable; unit <c>s</c>.</summary>
    public const string CommitDurationName = "mlops.store.commit.duration";

    /// <summary>Counter of Parquet files written; unit <c>{file}</c>.</summary>
    public const string SegmentsName = "mlops.store.segments";

    /// <summary>Counter of small Parquet files that became part of a larger one; unit <c>{file}</c>.</summary>
    public const string CompactedName = "mlops.store.compacted";

    /// <summary>Counter of records that retention dropped, with the tag <c>feed</c>; unit <c>{record}</c>.</summary>
    public const string DroppedName = "mlops.store.dropped";

    /// <summary>Counter of blobs written; unit <c>{blob}</c>.</summary>
    public const string BlobsName = "mlops.store.blobs";

    /// <summary>Counter of records that could not be read and were set aside; unit <c>{record}</c>.</summary>
    public const string SetAsideName = "mlops.store.set_aside";

    /// <summary>Counter of followers that fell behind the live tail and were served from the store, with the tag <c>feed</c>; unit <c>{switch}</c>.</summary>
    public const string FallenBehindName = "mlops.store.tail.fallen_behind";

    /// <summary>Counter of labels stored; unit <c>{label}</c>.</summary>
    public const string LabelsName = "mlops.store.labels";

    private static readonly Meter Meter = new(MeterName);

    internal static readonly Counter<long> Records = Meter.CreateCounter<long>(RecordsName, "{record}", "Committed records.");

    internal static readonly Counter<long> LogBytes = Meter.CreateCounter<long>(LogBytesName, "By", "Bytes written to the log.");

    internal static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>(CommitDurationName, "s", "Time until a commit is durable.");

    internal static readonly Counter<long> Segments = Meter.CreateCounter<long>(SegmentsName, "{file}", "Parquet files written.");

    internal static readonly Counter<long> Compacted = Meter.CreateCounter<long>(CompactedName, "{file}", "Small Parquet files that became part of a larger one.");

    internal static readonly Counter<long> Dropped = Meter.CreateCounter<long>(DroppedName, "{record}", "Records that retention dropped.");

    internal static readonly Counter<long> Blobs = Meter.CreateCounter<long>(BlobsName, "{blob}", "Blobs written.");

    internal static readonly Counter<long> SetAside = Meter.CreateCounter<long>(SetAsideName, "{record}", "Records that could not be read.");

    internal static readonly Counter<long> FallenBehind = Meter.CreateCounter<long>(FallenBehindName, "{switch}", "Followers that fell behind the live tail.");

    internal static readonly Counter<long> Labels = Meter.CreateCounter<long>(LabelsName, "{label}", "Labels stored.");
}

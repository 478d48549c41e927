namespace Mlops.Ingest.Assembly;

/// <summary>How the values of a feed become rows.</summary>
public enum AssemblyMode
{
    /// <summary>A row for each message, or for each record of a timeseries message; what it does not bring is null.</summary>
    Message,

    /// <summary>A row for each message, in which what it does not bring has its last known value.</summary>
    Latest,

    /// <summary>A row at the end of each period with the last known values; messages only change these.</summary>
    Cycle,
}

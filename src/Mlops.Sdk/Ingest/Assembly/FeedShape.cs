namespace Mlops.Ingest.Assembly;

/// <summary>What a record of a collection of the databus is.</summary>
public enum FeedShape
{
    /// <summary>Wide up to <see cref="Databus.DatabusOptions.MaxColumns"/> data points, else long.</summary>
    Auto,

    /// <summary>A column for each data point.</summary>
    Wide,

    /// <summary>A record for each value, with the name of its data point and a column for each type.</summary>
    Long,
}

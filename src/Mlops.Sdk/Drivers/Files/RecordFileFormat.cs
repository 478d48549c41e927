namespace Mlops.Drivers.Files;

/// <summary>What files of records hold.</summary>
public enum RecordFileFormat
{
    /// <summary>What the name's ending says.</summary>
    Auto,

    /// <summary>Comma-separated values, a record a line.</summary>
    Csv,

    /// <summary>A JSON object a line.</summary>
    JsonLines,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}

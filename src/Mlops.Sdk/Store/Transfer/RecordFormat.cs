namespace Mlops.Store.Transfer;

/// <summary>How records are written as text or file.</summary>
public enum RecordFormat
{
    /// <summary>A line a record, values separated by commas, as RFC 4180 has it; names in the first line.</summary>
    Csv,

    /// <summary>A JSON array with an object for each record.</summary>
    Json,

    /// <summary>A Parquet file, one column per field.</summary>
    Parquet,
}

namespace Mlops.Testing.Assets;

/// <summary>Configures a <see cref="CsvReplayAsset"/>.</summary>
public sealed class CsvReplayAssetOptions : AssetOptions
{
    /// <summary>Creates options with the names app <c>csv1</c>, connection <c>replay</c>, collection <c>rows</c>.</summary>
    public CsvReplayAssetOptions()
    {
        App = "csv1";
        Connection = "replay";
        Collection = "rows";
        Author = "csv";
    }

    /// <summary>Gets or sets the name of the column that holds the classes.</summary>
    public required string LabelColumn { get; set; }

    /// <summary>Gets or sets a value indicating whether the label is a quantity to estimate, and not one of several classes.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool LabelIsQuantity { get; set; }

    /// <summary>Gets or sets the name of the column that holds the rows' times: ISO 8601 (UTC unless it says otherwise), or seconds or milliseconds since 1970.</summary>
    /// <value>Default <see langword="null"/>: each row gets the time at which it is published.</value>
    public string? TimeColumn { get; set; }

    /// <summary>Gets or sets a value indicating whether training rows carry the label as a data point of the record too.</summary>
    /// <value>Default <see langword="false"/>: labels come as label messages only.</value>
    public bool LabelInRecord { get; set; }

    /// <summary>Gets or sets how the rows are divided.</summary>
    /// <value>Default <see cref="CsvSplitRule.Stratified"/>.</value>
    public CsvSplitRule Split { get; set; }

    /// <summary>Gets or sets the share of rows to train on, above 0; with 1 every row is published with its label.</summary>
    /// <value>Default 0.7.</value>
    public double TrainingShare { get; set; } = 0.7;

    /// <summary>Gets or sets the seed of the shuffle.</summary>
    /// <value>Default 0.</value>
    public long Seed { get; set; }
}

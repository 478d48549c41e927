namespace Mlops.Testing.Assets;

/// <summary>How the rows of a CSV file are divided into some to train on and some to test with.</summary>
public enum CsvSplitRule
{
    /// <summary>Shuffled by the seed, each class by its share.</summary>
    Stratified,

    /// <summary>The older rows for training: by the time column, or in the file's order.</summary>
    Chronological,
}

namespace Mlops.Training;

/// <summary>What was selected for a training.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Records">How many records.</param>
/// <param name="FirstPosition">Lowest position among them.</param>
/// <param name="LastPosition">Highest position among them.</param>
/// <param name="Filter">The filter expression, if any.</param>
/// <param name="Labels">The label set or column, if any.</param>
/// <param name="Hash">SHA-256 over positions, labels and values, hex.</param>
public sealed record DataSnapshot(string Feed, long Records, long FirstPosition, long LastPosition, string? Filter, string? Labels, string Hash)
{
    /// <summary>Gets what was selected and up to where it was seen, as JSON, from which the same records can be had again.</summary>
    public string? Selection { get; init; }

    /// <summary>Gets how many of the records were held out of the training.</summary>
    public long HeldOut { get; init; }
}

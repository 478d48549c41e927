namespace Mlops.Data;

/// <summary>One data point of a feed: a column of its records.</summary>
/// <param name="Name">The name as the asset spells it; unique within the feed.</param>
/// <param name="Type">How its values are stored.</param>
public sealed record FeedField(string Name, FieldType Type)
{
    /// <summary>Gets the data point's id in the asset's metadata; <see langword="null"/> when it has none.</summary>
    /// <remarks>A field that is declared under a new name with the id of one that is not declared any more is that one, renamed: its records stay with it.</remarks>
    public string? Id { get; init; }

    /// <summary>Gets the unit of the values, for example <c>°C</c>; <see langword="null"/> when the asset does not say.</summary>
    public string? Unit { get; init; }

    /// <summary>Gets the type as the asset names it, for example <c>LReal</c>; <see langword="null"/> when it has none.</summary>
    public string? SourceType { get; init; }
}

using Mlops.Data;

namespace Mlops.Drivers;

/// <summary>Something that can be read at an asset, or a folder of such things.</summary>
/// <param name="Id">How settings name it.</param>
/// <param name="Name">How people name it.</param>
public sealed record BrowseItem(string Id, string Name)
{
    /// <summary>Gets a value indicating whether there are items below it.</summary>
    public bool HasChildren { get; init; }

    /// <summary>Gets the type of its values; <see langword="null"/> when it has none.</summary>
    public FieldType? Type { get; init; }

    /// <summary>Gets the unit of its values; <see langword="null"/> when the asset does not say.</summary>
    public string? Unit { get; init; }

    /// <summary>Gets a value indicating whether values can be written to it.</summary>
    public bool Writable { get; init; }

    /// <summary>Gets what the asset says about it; <see langword="null"/> when it says nothing.</summary>
    public string? Description { get; init; }
}

namespace Mlops.Client;

/// <summary>Something that can be read at an asset, or a folder of such things.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="HasChildren">Whether there is more below it.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Unit">The unit of its values.</param>
/// <param name="Writable">Whether values can be written to it.</param>
/// <param name="Description">What the asset says about it.</param>
public sealed record BrowseEntry(
    string Id,
    string Name,
    bool HasChildren = false,
    string? Type = null,
    string? Unit = null,
    bool Writable = false,
    string? Description = null);

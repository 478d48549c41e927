namespace Mlops.Client;

/// <summary>A value that a mapping takes.</summary>
/// <param name="Field">Name of the feed's field.</param>
/// <param name="Path">Path of the value in the message.</param>
/// <param name="Type">Type of the field; that of the first value where nothing is said.</param>
/// <param name="Unit">Unit of the values.</param>
public sealed record MappingField(string Field, string Path, string? Type = null, string? Unit = null);

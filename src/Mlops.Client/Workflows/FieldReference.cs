namespace Mlops.Client;

/// <summary>Names a field of a feed.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Field">Name of the field.</param>
public sealed record FieldReference(string Feed, string Field);

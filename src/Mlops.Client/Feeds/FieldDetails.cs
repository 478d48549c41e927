namespace Mlops.Client;

/// <summary>A field of a feed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type: <c>boolean</c>, <c>int64</c>, <c>uInt64</c>, <c>float64</c>, <c>text</c>, <c>timestamp</c>, or one of these followed by <c>List</c>.</param>
/// <param name="Unit">The unit of its values.</param>
/// <param name="Blob">Whether its texts are references of blobs, for example of images.</param>
public sealed record FieldDetails(string Name, string Type, string? Unit = null, bool? Blob = null);

namespace Mlops.Drivers.Files;

/// <summary>A record as it stands in a file.</summary>
/// <param name="Place">Offset of its line, or number of its row; its <c>seq</c>.</param>
/// <param name="Values">Columns and values: text that is still to be understood, or bool, long, ulong, double, <see cref="DateTimeOffset"/>.</param>
internal readonly record struct RecordRow(long Place, IReadOnlyList<KeyValuePair<string, object?>> Values);

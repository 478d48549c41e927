using Mlops.Data;

namespace Mlops.Ingest.Mapping;

/// <summary>A value that a <see cref="JsonMapping"/> takes.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Path">Where it stands in a record: names and, for elements of lists, numbers from 0, with dots between; <c>a[0].b</c> means <c>a.0.b</c>.</param>
public sealed record JsonMappingField(string Field, string Path)
{
    /// <summary>Gets the type of the field; <see langword="null"/> for that of the first value.</summary>
    public FieldType? Type { get; init; }

    /// <summary>Gets the unit of the values.</summary>
    public string? Unit { get; init; }
}

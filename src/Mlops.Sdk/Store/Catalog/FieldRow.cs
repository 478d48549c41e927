using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>A field as the catalog stores it; without a key, its column is the key.</summary>
internal sealed record FieldRow(string Name, FieldType Type, string? Unit, string? SourceType, string Column, string? Id = null, string? Key = null)
{
    public static string Write(FeedRevision revision) => JsonSerializer.Serialize(
        [.. revision.Schema.Fields.Select((f, i) => new FieldRow(
            f.Name, f.Type, f.Unit, f.SourceType, revision.Columns[i], f.Id, revision.Keys[i] == revision.Columns[i] ? null : revision.Keys[i]))],
        FieldRowContext.Default.FieldRowArray);

    public static FieldRow[] Read(string json) => JsonSerializer.Deserialize(json, FieldRowContext.Default.FieldRowArray) ?? [];

    public FeedField ToField() => new(Name, Type) { Unit = Unit, SourceType = SourceType, Id = Id };
}

/// <summary>Serialises <see cref="FieldRow"/> without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FieldRow[]))]
internal sealed partial class FieldRowContext : JsonSerializerContext;

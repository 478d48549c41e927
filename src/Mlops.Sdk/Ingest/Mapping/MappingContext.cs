using System.Text.Json.Serialization;

namespace Mlops.Ingest.Mapping;

/// <summary>Serialises mappings without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(JsonMapping))]
internal sealed partial class MappingContext : JsonSerializerContext;

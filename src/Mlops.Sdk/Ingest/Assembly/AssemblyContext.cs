using System.Text.Json.Serialization;

namespace Mlops.Ingest.Assembly;

/// <summary>Serialises entries without reflection; what it does not know is an error.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FeedAssembly))]
internal sealed partial class AssemblyContext : JsonSerializerContext;

using System.Text.Json.Serialization;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>How triggers stand in the node's configuration file: what is not known is refused there.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(ParameterValueConverter)])]
[JsonSerializable(typeof(ConfiguredTrigger))]
internal sealed partial class TriggersJson : JsonSerializerContext;

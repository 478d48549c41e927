using System.Text.Json.Serialization;

namespace Mlops.Prediction;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeploymentRequest))]
internal sealed partial class PredictionJson : JsonSerializerContext;

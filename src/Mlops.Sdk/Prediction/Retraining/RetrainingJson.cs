using System.Text.Json.Serialization;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>How triggers and retrainings are kept in <c>mlops.db</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ParameterValueConverter)])]
[JsonSerializable(typeof(TriggerRecord))]
[JsonSerializable(typeof(RetrainingInfo))]
internal sealed partial class RetrainingJson : JsonSerializerContext;

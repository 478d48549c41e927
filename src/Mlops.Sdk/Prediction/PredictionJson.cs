using System.Text.Json.Serialization;

namespace Mlops.Prediction;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(DeploymentRequest))]
[JsonSerializable(typeof(Candidates.CandidateRecord))]
[JsonSerializable(typeof(Quality.TallyState))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Backtests.BacktestInfo))]
internal sealed partial class PredictionJson : JsonSerializerContext;

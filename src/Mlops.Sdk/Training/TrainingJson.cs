using System.Text.Json.Serialization;
using Mlops.Data;
using Mlops.Store.Selection;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>How trainings and models are kept in <c>mlops.db</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(ParameterValueConverter), typeof(CamelCaseEnumConverter<TrainingState>), typeof(CamelCaseEnumConverter<FieldType>), typeof(CamelCaseEnumConverter<ModelStage>), typeof(CamelCaseEnumConverter<SplitKind>)])]
[JsonSerializable(typeof(TrainingInfo))]
[JsonSerializable(typeof(ModelInfo))]
[JsonSerializable(typeof(Profiles.ModelProfile))]
[JsonSerializable(typeof(Transfer.ModelDocument))]
[JsonSerializable(typeof(IReadOnlyList<RunLogLine>))]
[JsonSerializable(typeof(IReadOnlyList<MetricPoint>))]
internal sealed partial class TrainingJson : JsonSerializerContext;

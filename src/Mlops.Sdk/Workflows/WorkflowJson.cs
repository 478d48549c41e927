using System.Text.Json.Serialization;

namespace Mlops.Workflows;

/// <summary>How manifests are kept in <c>mlops.db</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ParameterValueConverter), typeof(CamelCaseEnumConverter<InputType>), typeof(CamelCaseEnumConverter<MissingValues>)])]
[JsonSerializable(typeof(WorkflowManifest))]
internal sealed partial class WorkflowJson : JsonSerializerContext;

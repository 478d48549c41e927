using System.Text.Json.Serialization;

namespace Mlops.Client;

/// <summary>What a model answered.</summary>
/// <param name="ModelName">The deployment.</param>
/// <param name="ModelVersion">The model that answered.</param>
/// <param name="Outputs">A tensor for each output.</param>
/// <param name="Id">What the request carried.</param>
public sealed record InferenceAnswer(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    IReadOnlyList<Tensor> Outputs,
    string? Id = null);

using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>What <c>model.json</c> says beside a converted model.</summary>
/// <param name="Format">Version of this description.</param>
/// <param name="Estimator">What was converted, in words.</param>
/// <param name="Numbers">The columns of the input <c>numbers</c>.</param>
/// <param name="Texts">The inputs <c>text0</c>, <c>text1</c> and so on.</param>
/// <param name="Score">Whether there is an output <c>score</c> beside <c>label</c>.</param>
/// <param name="Fields">The outputs <c>field0</c>, <c>field1</c> and so on; <see langword="null"/> for classes.</param>
internal sealed record ConvertedModel(
    int Format, string Estimator, IReadOnlyList<NumberRule> Numbers, IReadOnlyList<TextRule> Texts, bool Score = false, IReadOnlyList<ConvertedField>? Fields = null)
{
    public const string FileName = "model.json";
    public const int KnownFormat = 1;
    public const string NumbersInput = "numbers";
    public const string LabelOutput = "label";
    public const string ScoreOutput = "score";
    public const string ValidOutput = "valid";

    /// <exception cref="WorkflowException">It is missing or not such a description.</exception>
    public static ConvertedModel Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            ConvertedModel? model = JsonSerializer.Deserialize(File.ReadAllBytes(path), ConvertedModelJson.Default.ConvertedModel);
            return model is { Format: KnownFormat } ? model : throw new WorkflowException($"{FileName} has the format {model?.Format}; this node reads {KnownFormat}. Train again.");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new WorkflowException($"{FileName} of the converted model cannot be read: {exception.Message}", null, exception);
        }
    }
}

/// <summary>A column of numbers.</summary>
/// <param name="Name">The input.</param>
/// <param name="Nan">Whether it may be null or NaN.</param>
/// <param name="Infinite">Whether it may be infinite.</param>
/// <param name="Huge">Whether it may exceed what 32 bits hold.</param>
internal sealed record NumberRule(string Name, bool Nan, bool Infinite, bool Huge);

/// <summary>A column of texts.</summary>
/// <param name="Name">The input.</param>
/// <param name="Null">The text that stands for null; <see langword="null"/> when it may not be null.</param>
internal sealed record TextRule(string Name, string? Null);

/// <summary>A field of the answers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Words">The texts that its numbers stand for; <see langword="null"/> for other types.</param>
internal sealed record ConvertedField(string Name, IReadOnlyList<string>? Words = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ConvertedModel))]
internal sealed partial class ConvertedModelJson : JsonSerializerContext;

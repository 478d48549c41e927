using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Workflows;

namespace Mlops.Store.Selection;

/// <summary>Writes down what was asked and up to where it was seen, so that the same records can be had again.</summary>
internal static class SelectionRecording
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new BoundInputConverter() },
    };

    public static string Write(SelectionRequest request) => JsonSerializer.Serialize(request, Options);

    /// <exception cref="WorkflowException">The text is no recorded selection.</exception>
    public static SelectionRequest Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SelectionRequest>(text, Options) is { Horizon: not null } request ? request
                : throw new WorkflowException("The recorded selection does not say up to where it saw. It was written by hand, perhaps; select anew.");
        }
        catch (JsonException e)
        {
            throw new WorkflowException($"The recorded selection cannot be read: {e.Message} Select anew.", innerException: e);
        }
    }

    /// <summary>Tuples have no names in JSON; these are written as objects.</summary>
    private sealed class BoundInputConverter : JsonConverter<(WorkflowInput Input, string Field)>
    {
        public override (WorkflowInput Input, string Field) Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Bound bound = JsonSerializer.Deserialize<Bound>(ref reader, options) ?? throw new JsonException();
            return (new WorkflowInput(bound.Name, bound.Type, bound.Unit), bound.Field);
        }

        public override void Write(Utf8JsonWriter writer, (WorkflowInput Input, string Field) value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Bound(value.Input.Name, value.Input.Type, value.Input.Unit, value.Field), options);

        private sealed record Bound(string Name, InputType Type, string? Unit, string Field);
    }
}

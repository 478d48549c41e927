using System.Text;
using System.Text.Json.Nodes;
using Mlops.Client;
using Mlops.Data;
using Mlops.Web.Rest;
using Mlops.Workflows;

namespace Mlops.Web.Inference;

/// <summary>
/// Turns tensors into rows and back. A tensor for each input has the shape [rows] or [rows, 1]; one tensor for all inputs has
/// [rows, inputs], in the order in which the model has them.
/// </summary>
internal static class Tensors
{
    private const int MaxRows = 100_000;

    public static TensorShape Shape(FeedField field) => new(field.Name, Datatype(field.Type), [-1]);

    public static FieldType TypeOf(InputType type) => type switch
    {
        InputType.Number => FieldType.Float64,
        InputType.Integer => FieldType.Int64,
        InputType.Boolean => FieldType.Boolean,
        _ => FieldType.Text,
    };

    /// <exception cref="ProblemException">The tensors are not the model's inputs.</exception>
    public static RecordBatch Read(IReadOnlyList<Tensor> tensors, FeedSchema inputs)
    {
        (JsonNode?[][] columns, int rows) = tensors.Count == 1 && tensors[0].Shape.Count == 2 && tensors[0].Shape[1] == inputs.Fields.Count && inputs.Fields.Count > 1
            ? Together(tensors[0], inputs.Fields.Count)
            : Apart(tensors, inputs);
        if (rows is 0 or > MaxRows)
            throw ProblemException.Invalid($"The request has {rows} rows.", $"Send 1 to {MaxRows} rows.");
        var builder = new RecordBatchBuilder(inputs, rows);
        for (int row = 0; row < rows; row++)
        {
            builder.BeginRow(0);
            for (int c = 0; c < columns.Length; c++)
                Set(builder, c, inputs.Fields[c], columns[c][row], row);
            builder.EndRow();
        }

        return builder.Build();
    }

    /// <exception cref="ProblemException">There is no such output.</exception>
    public static IReadOnlyList<Tensor> Write(IReadOnlyList<RecordBatch> answers, IReadOnlySet<string>? wanted)
    {
        FeedSchema schema = answers[0].Schema;
        if (wanted?.FirstOrDefault(w => schema.IndexOf(w) < 0) is { } unknown)
            throw ProblemException.Invalid($"The model has no output '{unknown}'.", $"Choose of: {string.Join(", ", schema.Fields.Select(f => f.Name))}.");
        long rows = answers.Sum(a => (long)a.Count);
        return [.. schema.Fields.Select((field, c) => (field, c)).Where(f => wanted?.Contains(f.field.Name) != false).Select(f => new Tensor(
            f.field.Name,
            [rows],
            Datatype(f.field.Type),
            new JsonArray([.. answers.SelectMany(a => Enumerable.Range(0, a.Count).Select(row => JsonValues.ToJson(a.Column(f.c).GetValue(row))))])))];
    }

    private static (JsonNode?[][] Columns, int Rows) Together(Tensor tensor, int inputs)
    {
        JsonNode?[] values = Values(tensor);
        int rows = values.Length / inputs;
        return ([.. Enumerable.Range(0, inputs).Select(c => Enumerable.Range(0, rows).Select(row => values[(row * inputs) + c]).ToArray())], rows);
    }

    private static (JsonNode?[][] Columns, int Rows) Apart(IReadOnlyList<Tensor> tensors, FeedSchema inputs)
    {
        string[] missing = [.. inputs.Fields.Select(f => f.Name).Where(n => tensors.Count(t => t.Name == n) != 1)];
        if (missing.Length > 0 || tensors.Count != inputs.Fields.Count)
            throw ProblemException.Invalid($"The tensors ({string.Join(", ", tensors.Take(50).Select(t => t.Name))}) are not the inputs of the model.", $"Send one for each of: {string.Join(", ", inputs.Fields.Select(f => f.Name))}.");
        JsonNode?[][] columns = [.. inputs.Fields.Select(f => Values(tensors.First(t => t.Name == f.Name)))];
        if (columns.Any(c => c.Length != columns[0].Length))
            throw ProblemException.Invalid("The tensors have different numbers of rows.", "Send as many values for every input.");
        return (columns, columns[0].Length);
    }

    // Row by row, nested or flat: flattened, both are the same.
    private static JsonNode?[] Values(Tensor tensor)
    {
        JsonNode?[] values = [.. Flatten(tensor.Data)];
        long expected = 1;
        foreach (long size in tensor.Shape)
        {
            if (size is < 0 or > int.MaxValue || (expected *= size) > int.MaxValue)
                throw ProblemException.Invalid($"The shape of tensor '{tensor.Name}' is [{string.Join(", ", tensor.Shape)}].", "Give the number of rows, and 1 or the number of inputs.");
        }

        return tensor.Shape.Count is 1 or 2 && values.Length == expected ? values
            : throw ProblemException.Invalid($"Tensor '{tensor.Name}' has {values.Length} values; its shape [{string.Join(", ", tensor.Shape.Take(10))}] says {expected}.", "Let data hold as many values as the shape says, in one or two dimensions.");
    }

    private static IEnumerable<JsonNode?> Flatten(JsonArray array) => array.SelectMany(item => item is JsonArray inner ? Flatten(inner) : [item]);

    private static void Set(RecordBatchBuilder builder, int column, FeedField field, JsonNode? node, int row)
    {
        switch (field.Type, JsonValues.ToScalar($"{field.Name}[{row}]", node))
        {
            case (_, null):
                break;
            case (FieldType.Float64, double number):
                builder.SetFloat64(column, number);
                break;
            case (FieldType.Float64, long whole):
                builder.SetFloat64(column, whole);
                break;
            case (FieldType.Float64, ulong large):
                builder.SetFloat64(column, large);
                break;
            case (FieldType.Int64, long whole):
                builder.SetInt64(column, whole);
                break;
            case (FieldType.Int64, double number) when number == Math.Truncate(number) && Math.Abs(number) < 9e15:
                builder.SetInt64(column, (long)number);
                break;
            case (FieldType.Boolean, bool truth):
                builder.SetBoolean(column, truth);
                break;
            case (FieldType.Text, string text):
                builder.SetText(column, Encoding.UTF8.GetBytes(text));
                break;
            default:
                throw ProblemException.Invalid($"Value {row} of input '{field.Name}' is {node!.GetValueKind().ToString().ToLowerInvariant()}.", $"Give {Datatype(field.Type)}.");
        }
    }

    private static string Datatype(FieldType type) => type switch
    {
        FieldType.Boolean => "BOOL",
        FieldType.Int64 => "INT64",
        FieldType.UInt64 => "UINT64",
        FieldType.Float64 => "FP64",
        _ => "BYTES",
    };
}

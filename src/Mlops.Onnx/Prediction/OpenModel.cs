using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

// HOW INPUTS AND OUTPUTS OF ANY MODEL ARE FOUND
//
// Inputs: by the names of the manifest's inputs; else, when the model has one, a tensor whose columns are the inputs in their order; for
// windows one tensor (windows, rows of a window, inputs).
// Answers with classes: the first tensor of whole numbers or texts is the label (a number is the place among output.classes, or the class
// that is written so), the first tensor of floating point with a column a class, or sequence of maps, its probabilities. Fields: outputs by
// name; else, when the model has one, a tensor whose columns are the fields in their order.

/// <summary>Fits the inputs and outputs of a model that somebody exported to a manifest.</summary>
internal static class OpenModel
{
    /// <exception cref="WorkflowException">They do not fit; the message lists what the model has.</exception>
    public static OnnxPredictor Open(PredictorRequest request, OnnxSession session)
    {
        string title = $"'{request.Package.Manifest.Name}' {request.Package.Manifest.Version}";
        IReadOnlyList<string>? classes = request.Classes ?? request.Package.Manifest.Output.Classes;
        IModelOutput[] outputs = classes is null ? Fields(title, request.Package.Manifest, session) : [Classes(title, session, classes)];
        return new OnnxPredictor(request, session, request.Package.Manifest.Window is { } window ? [Windows(title, request.Inputs, session, window)] : Inputs(title, request.Inputs, session), new ModelAnswers(request.Package.Manifest, outputs, validOutput: -1));
    }

    private static IModelInput[] Inputs(string title, FeedSchema schema, OnnxSession session)
    {
        if (session.Inputs.Count == 1 && schema.IndexOf(session.Inputs[0].Name) < 0)
        {
            long width = session.Inputs[0].Shape is [_, var columns] ? columns : 1;
            return width < 0 || width == schema.Fields.Count
                ? [Input(title, schema, session, 0, [.. Enumerable.Range(0, schema.Fields.Count)])]
                : throw Misfit(title, session, $"takes {width} columns, but there are {schema.Fields.Count} inputs");
        }

        return [.. session.Inputs.Select((info, i) => schema.IndexOf(info.Name) is var column and >= 0
            ? Input(title, schema, session, i, [column])
            : throw Misfit(title, session, $"has an input {info}, which workflow.yaml does not have"))];
    }

    private static NumberInput Windows(string title, FeedSchema schema, OnnxSession session, WorkflowWindow window)
    {
        bool fits = session.Inputs is [{ ElementType: OnnxElementType.Double or OnnxElementType.Float, Shape: [_, var rows, var columns] }]
            && (rows < 0 || rows == window.Rows) && (columns < 0 || columns == schema.Fields.Count);
        return fits ? new NumberInput(title, 0, session.Inputs[0], [.. Enumerable.Range(0, schema.Fields.Count)], [.. schema.Fields.Select(f => new NumberRule(f.Name, true, true, true))], window.Rows)
            : throw Misfit(title, session, $"takes no windows of {window.Rows} rows of {schema.Fields.Count} inputs, which is one tensor [windows, {window.Rows}, {schema.Fields.Count}] of floating point");
    }

    private static IModelInput Input(string title, FeedSchema schema, OnnxSession session, int input, int[] columns)
    {
        OnnxValueInfo info = session.Inputs[input];
        bool isText = info.ElementType == OnnxElementType.String;
        bool fits = info.ElementType is OnnxElementType.Double or OnnxElementType.Float or OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.Bool or OnnxElementType.String
            && info.Shape.Count <= 2 && (info.Shape.Count == 2 || columns.Length == 1) && (!isText || columns.Length == 1)
            && columns.All(c => (schema.Fields[c].Type == FieldType.Text) == isText && schema.Fields[c].Type is not FieldType.Timestamp && !schema.Fields[c].Type.IsList());
        if (!fits)
            throw Misfit(title, session, $"has an input {info}, which cannot be filled from {string.Join(", ", columns.Select(c => $"{schema.Fields[c].Name} ({schema.Fields[c].Type})"))}");
        return isText
            ? new TextInput(title, input, info, columns[0], new TextRule(schema.Fields[columns[0]].Name, ""))
            : new NumberInput(title, input, info, columns, [.. columns.Select(c => new NumberRule(schema.Fields[c].Name, true, true, true))]);
    }

    private static ClassOutput Classes(string title, OnnxSession session, IReadOnlyList<string> classes)
    {
        int label = Find(session, info => info.ElementType is OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.String && info.Shape.Count <= 2);
        int chances = Find(session, info => info.Kind == OnnxValueKind.Sequence
            || (info.ElementType is OnnxElementType.Float or OnnxElementType.Double && info.Shape is [_, var width] && (width < 0 || width == classes.Count)));
        return label >= 0 || (chances >= 0 && session.Outputs[chances].Kind == OnnxValueKind.Tensor)
            ? new ClassOutput(title, session, label, chances, classes)
            : throw Misfit(title, session, $"has no output that could be one of {classes.Count} classes");
    }

    private static IModelOutput[] Fields(string title, WorkflowManifest manifest, OnnxSession session)
    {
        FeedSchema schema = AnswerSchema.Of(manifest);
        bool isOne = session.Outputs.Count == 1 && schema.IndexOf(session.Outputs[0].Name) < 0;
        var outputs = new IModelOutput[schema.Fields.Count];
        for (int field = 0; field < outputs.Length; field++)
        {
            int output = isOne ? 0 : session.OutputIndex(schema.Fields[field].Name);
            if (output < 0)
                throw Misfit(title, session, $"has no output '{schema.Fields[field].Name}'");
            OnnxValueInfo info = session.Outputs[output];
            int width = isOne ? outputs.Length : 1;
            bool fits = info.Kind == OnnxValueKind.Tensor && ValueOutput.Fits(info.ElementType, schema.Fields[field].Type) && (info.Shape is not [_, var columns] || columns < 0 || columns == width);
            if (!fits)
                throw Misfit(title, session, $"has an output {info}, which cannot be the field '{schema.Fields[field].Name}' ({schema.Fields[field].Type})");
            outputs[field] = new ValueOutput(title, output, info, isOne ? field : 0, width, field);
        }

        return outputs;
    }

    private static int Find(OnnxSession session, Func<OnnxValueInfo, bool> fits)
    {
        for (int i = 0; i < session.Outputs.Count; i++)
        {
            if (fits(session.Outputs[i]))
                return i;
        }

        return -1;
    }

    private static WorkflowException Misfit(string title, OnnxSession session, string what) => new(
        $"Workflow {title}: its {OnnxModels.FileName} {what}. Its inputs: {string.Join(", ", session.Inputs)}; its outputs: {string.Join(", ", session.Outputs)}. Name inputs and outputs in workflow.yaml as the model has them.");
}

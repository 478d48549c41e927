using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>Predicts with models that another runtime has trained and converted.</summary>
internal sealed class OnnxEngine(OnnxModels models) : IModelEngine
{
    public string Kind => "onnx";

    public string Format => "onnx";

    public Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.Run<IPredictor>(() => Load(request), cancellationToken);
    }

    private OnnxPredictor Load(PredictorRequest request)
    {
        ConvertedModel model = ConvertedModel.Read(request.ModelFolder);
        OnnxSession session = models.Load(request.Package, request.ModelFolder);
        try
        {
            string title = $"'{request.Package.Manifest.Name}' {request.Package.Manifest.Version}";
            return new OnnxPredictor(request, session, [.. Inputs(title, request, session, model)], Answers(title, request, session, model));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static IEnumerable<IModelInput> Inputs(string title, PredictorRequest request, OnnxSession session, ConvertedModel model)
    {
        if (model.Numbers.Count > 0)
        {
            int input = Required(title, session.InputIndex(ConvertedModel.NumbersInput), ConvertedModel.NumbersInput);
            int[] columns = [.. model.Numbers.Select(rule => Column(title, request, rule.Name, isText: false))];
            yield return new NumberInput(title, input, session.Inputs[input], columns, [.. model.Numbers]);
        }

        for (int i = 0; i < model.Texts.Count; i++)
        {
            int input = Required(title, session.InputIndex($"text{i}"), $"text{i}");
            yield return new TextInput(title, input, session.Inputs[input], Column(title, request, model.Texts[i].Name, isText: true), model.Texts[i]);
        }
    }

    private static ModelAnswers Answers(string title, PredictorRequest request, OnnxSession session, ConvertedModel model)
    {
        WorkflowManifest manifest = request.Package.Manifest;
        FeedSchema schema = AnswerSchema.Of(manifest);
        var outputs = new List<IModelOutput>();
        if (model.Fields is null)
        {
            IReadOnlyList<string> classes = request.Classes ?? manifest.Output.Classes ?? [];
            outputs.Add(new WordOutput(title, Required(title, session.OutputIndex(ConvertedModel.LabelOutput), ConvertedModel.LabelOutput), classes, 0));
            if (model.Score)
                outputs.Add(Value(title, session, ConvertedModel.ScoreOutput, 1));
        }

        for (int i = 0; i < (model.Fields?.Count ?? 0); i++)
        {
            ConvertedField field = model.Fields![i];
            int place = Required(title, schema.IndexOf(field.Name), field.Name);
            outputs.Add(field.Words is { } words
                ? new WordOutput(title, Required(title, session.OutputIndex($"field{i}"), $"field{i}"), words, place)
                : Value(title, session, $"field{i}", place));
        }

        return new ModelAnswers(manifest, outputs, session.OutputIndex(ConvertedModel.ValidOutput));
    }

    private static ValueOutput Value(string title, OnnxSession session, string name, int field)
    {
        int output = Required(title, session.OutputIndex(name), name);
        return new ValueOutput(title, output, session.Outputs[output], column: 0, width: 1, field);
    }

    private static int Column(string title, PredictorRequest request, string name, bool isText)
    {
        int column = Required(title, request.Inputs.IndexOf(name), name);
        return (request.Inputs.Fields[column].Type == FieldType.Text) == isText ? column
            : throw new WorkflowException($"Workflow {title}: the converted model and the inputs differ in the type of '{name}'. Train again.");
    }

    private static int Required(string title, int index, string name) => index >= 0 ? index
        : throw new WorkflowException($"Workflow {title}: the converted model lacks '{name}'. Train again.");
}

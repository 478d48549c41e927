using Mlops.Data;

namespace Mlops.Workflows;

/// <summary>Tells under which schema a workflow answers.</summary>
public static class AnswerSchema
{
    /// <summary>The field of the class that is answered.</summary>
    public const string Label = "label";

    /// <summary>The field of that class's probability.</summary>
    public const string Score = "score";

    /// <summary>Returns the schema of a workflow's answers, as <see cref="IPredictor.Output"/> has it.</summary>
    /// <param name="manifest">The workflow.</param>
    /// <returns><see cref="Label"/> and <see cref="Score"/> for classes, else the declared fields with their units.</returns>
    public static FeedSchema Of(WorkflowManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return new FeedSchema(manifest.Name, manifest.Output.Fields is not { } fields
            ? [new FeedField(Label, FieldType.Text), new FeedField(Score, FieldType.Float64)]
            : fields.Select(field => new FeedField(field.Name, TypeOf(field.Type)) { Unit = field.Unit }));
    }

    private static FieldType TypeOf(InputType type) => type switch
    {
        InputType.Number => FieldType.Float64,
        InputType.Integer => FieldType.Int64,
        InputType.Boolean => FieldType.Boolean,
        _ => FieldType.Text,
    };
}

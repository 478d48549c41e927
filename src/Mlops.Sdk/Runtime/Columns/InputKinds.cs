using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Runtime.Columns;

/// <summary>Decides how each input reaches the code: the manifest's type where it declares one, else the field's own.</summary>
internal static class InputKinds
{
    public static ColumnKind[] Of(WorkflowManifest manifest, FeedSchema inputs)
    {
        var kinds = new ColumnKind[inputs.Fields.Count];
        for (int i = 0; i < kinds.Length; i++)
        {
            FeedField field = inputs.Fields[i];
            InputType? declared = manifest.Inputs?.FirstOrDefault(input => input.Name == field.Name)?.Type;
            kinds[i] = (manifest.Window is null ? Of(declared, field.Type) : InWindow(field.Type)) ?? throw new WorkflowException(
                $"Workflow '{manifest.Name}' {manifest.Version}: input '{field.Name}' is declared as {(declared is { } of ? Lower(of) : "a number of a window")} but gets a field of type {field.Type}. "
                + "Bind another field to it, or change its type in workflow.yaml.");
        }

        return kinds;
    }

    /// <summary>Tells whether a workflow looks at pictures.</summary>
    public static bool HasPictures(WorkflowManifest manifest) => manifest.Inputs?.Any(input => input.Type == InputType.Image) == true;

    public static ColumnKind Of(FieldType type) => type switch
    {
        FieldType.Boolean => ColumnKind.Boolean,
        FieldType.Int64 => ColumnKind.Integer,
        FieldType.UInt64 => ColumnKind.Unsigned,
        FieldType.Float64 => ColumnKind.Number,
        FieldType.Text => ColumnKind.Text,
        _ => ColumnKind.Instant,
    };

    // One array for all inputs.
    private static ColumnKind? InWindow(FieldType type) => type is FieldType.Float64 ? ColumnKind.Number : null;

    private static ColumnKind? Of(InputType? declared, FieldType type) => (declared, type) switch
    {
        (null, _) => Of(type),
        (InputType.Number, FieldType.Float64 or FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean) => ColumnKind.Number,

        // A float field stays floating: cutting digits off would hide a wrong binding.
        (InputType.Integer, FieldType.Float64 or FieldType.Int64 or FieldType.UInt64) => Of(type),
        (InputType.Integer, FieldType.Boolean) => ColumnKind.Integer,
        (InputType.Boolean, FieldType.Boolean or FieldType.Int64 or FieldType.UInt64) => ColumnKind.Boolean,
        (InputType.Text, FieldType.Text) => ColumnKind.Text,
        (InputType.Image, FieldType.Text) => ColumnKind.Image,
        _ => null,
    };

    private static string Lower(InputType type) => type.ToString().ToLowerInvariant();
}

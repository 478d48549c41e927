using Mlops.Data;
using Mlops.Workflows;
using Mlops.Workflows.Units;

namespace Mlops.Prediction.Inputs;

/// <summary>Tells whether the fields of feeds can serve a model's inputs.</summary>
internal static class InputMatch
{
    /// <summary>Checks that feeds can serve a model.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="inputs">What the model wants.</param>
    /// <param name="fields">The field behind each input.</param>
    /// <exception cref="WorkflowException">A field is missing, or has a type or a unit that does not fit; the message names all of them.</exception>
    public static void Check(string workflow, FeedSchema inputs, IReadOnlyList<BoundField> fields)
    {
        var problems = new List<string>();
        var feeds = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < fields.Count; i++)
        {
            FeedField input = inputs.Fields[i];
            (FeedSchema feed, string field) = fields[i];
            int column = feed.IndexOf(field);
            int before = problems.Count;
            if (column < 0)
                problems.Add($"Its input '{input.Name}' is bound to '{field}', which feed '{feed.Feed}' does not have. Its fields: {string.Join(", ", feed.Fields.Select(f => f.Name))}. Bind the input to one of them.");
            else if (Mismatch(feed.Fields[column], input) is { } mismatch)
                problems.Add($"Its input '{input.Name}' wants {mismatch.Wanted}, but field '{field}' of feed '{feed.Feed}' is {mismatch.Given}. {mismatch.Remedy}");
            if (problems.Count > before)
                feeds.Add(feed.Feed);
        }

        if (problems.Count > 0)
            throw new WorkflowException($"Workflow '{workflow}' does not fit feed {string.Join(", ", feeds.Select(f => $"'{f}'"))}. {string.Join('\n', problems)}");
    }

    /// <summary>Finds the defaults of a model's inputs.</summary>
    /// <returns>A value for each input, of its type.</returns>
    /// <exception cref="WorkflowException">An input has none, or one that its type cannot hold; the message names all of them.</exception>
    public static IReadOnlyList<object> Defaults(WorkflowManifest manifest, FeedSchema inputs)
    {
        object?[] defaults = [.. inputs.Fields.Select(f => manifest.Inputs?.FirstOrDefault(i => i.Name == f.Name)?.Default is { } value && Holds(f.Type, value) ? value : null)];
        string[] without = [.. inputs.Fields.Where((_, i) => defaults[i] is null).Select(f => $"'{f.Name}' ({f.Type})")];
        return without.Length == 0 ? [.. defaults.OfType<object>()] : throw new WorkflowException(
            $"Missing values are to be filled by defaults, but workflow '{manifest.Name}' {manifest.Version} declares none of their type for its inputs {string.Join(", ", without)}. Add 'default' to them in workflow.yaml and train again, or fill with last, null or skip.");
    }

    /// <summary>Finds where a field stands in a feed that serves an input already.</summary>
    /// <returns>The column, and what is done to its numbers.</returns>
    /// <exception cref="WorkflowException">The feed changed so that the field no longer fits.</exception>
    public static (int Column, UnitConversion? Unit) Resolve(FeedSchema feed, string name, FeedField input)
    {
        int column = feed.IndexOf(name);
        if (column < 0)
            throw new WorkflowException($"Feed '{feed.Feed}' changed: its field '{name}' is gone, the input '{input.Name}' wants {input.Type}. Train on the new data and deploy the new model.");
        FeedField field = feed.Fields[column];
        if (Mismatch(field, input) is { } mismatch)
            throw new WorkflowException($"Feed '{feed.Feed}' changed: its field '{name}' is now {mismatch.Given}, the input '{input.Name}' wants {mismatch.Wanted}. Train on the new data and deploy the new model.");
        return (column, UnitTable.Between(field.Unit, input.Unit, out _));
    }

    private static bool Fits(FieldType from, FieldType to) => from == to || to switch
    {
        FieldType.Float64 => from is FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean,
        FieldType.Int64 => from is FieldType.UInt64 or FieldType.Boolean,
        _ => false,
    };

    private static bool Holds(FieldType type, object value) => type switch
    {
        FieldType.Float64 => value is long or double,
        FieldType.Int64 => value is long,
        FieldType.UInt64 => value is >= 0L,
        FieldType.Boolean => value is bool,
        FieldType.Text => value is string,
        _ => false,
    };

    private static (string Wanted, string Given, string Remedy)? Mismatch(FeedField field, FeedField input)
    {
        if (!Fits(field.Type, input.Type))
            return (input.Type.ToString(), field.Type.ToString(), "Bind the input to another field, or train a model on data of that type.");
        UnitConversion? conversion = UnitTable.Between(field.Unit, input.Unit, out bool possible);
        if (!possible)
            return ($"{input.Type} in {input.Unit}", $"{field.Type} in {field.Unit}", FeedBinding.UnitRemedy(input.Unit!));
        return conversion is not null && input.Type != FieldType.Float64
            ? ($"{input.Type} in {input.Unit}", $"{field.Type} in {field.Unit}", $"Converted values are not whole: bind a field in {input.Unit}, or declare the input as number in workflow.yaml and train again.")
            : null;
    }
}

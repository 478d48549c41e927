using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;
using Mlops.Workflows;
using Mlops.Workflows.Units;

namespace Mlops.Store.Selection;

/// <summary>Which columns a training gets, and what stands behind them.</summary>
/// <param name="Inputs">The inputs' schema.</param>
/// <param name="WithLabel">The same with the label as last field; the inputs' when there is none.</param>
/// <param name="Columns">What stands behind each field of <paramref name="WithLabel"/>.</param>
internal sealed record SelectionColumns(FeedSchema Inputs, FeedSchema WithLabel, IReadOnlyList<ScanColumn> Columns)
{
    private const string LabelName = "label";

    /// <exception cref="WorkflowException">An input has no field, or one of a type that does not fit.</exception>
    public static SelectionColumns Of(FeedRevision feed, SelectionRequest request, IReadOnlyList<ScanJoin> joins, string? labelField, FieldType? labelType)
    {
        var fields = new List<FeedField>();
        var columns = new List<ScanColumn>();
        foreach ((WorkflowInput input, string name) in request.Inputs ?? All(feed.Schema, request.Label))
        {
            (FeedField field, ScanColumn column) = Bind(feed, input, name, convert: request.Inputs is not null);
            fields.Add(field);
            columns.Add(column);
        }

        foreach (ScanJoin join in joins)
        {
            fields.AddRange(join.Fields);
            columns.AddRange(join.Columns.Select(c => new ScanColumn(Sql.Identifier(c))));
        }

        if (fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new WorkflowException($"The input '{twice.Key}' is bound twice. Bind each input once.");
        var inputs = new FeedSchema(feed.Schema.Feed, fields);
        if (labelType is not { } type2)
            return new SelectionColumns(inputs, inputs, columns);
        string label = LabelName;
        while (inputs.IndexOf(label) >= 0)
            label = $"_{label}";
        columns.Add(labelField is null ? ScanColumn.Null(FieldType.Text) : ScanColumn.Of(feed, feed.Schema.IndexOf(labelField)));
        return new SelectionColumns(inputs, new FeedSchema(feed.Schema.Feed, [.. fields, new FeedField(label, type2)]), columns);
    }

    /// <summary>Finds the field behind an input.</summary>
    /// <returns>The column that the training gets, and what stands behind it.</returns>
    public static (FeedField Field, ScanColumn Column) Bind(FeedRevision feed, WorkflowInput input, string name, bool convert)
    {
        int index = feed.Schema.IndexOf(name);
        if (index < 0)
            throw new WorkflowException($"Input '{input.Name}' is to come from the field '{name}', but feed '{feed.Schema.Feed}' has no such field. Its fields: {string.Join(", ", feed.Schema.Fields.Select(f => f.Name))}. Bind the input to one of them.");
        FeedField field = feed.Schema.Fields[index];
        FieldType type = convert ? TypeFor(input, field, feed.Schema.Feed) : field.Type;
        UnitConversion? conversion = UnitTable.Between(field.Unit, input.Unit, out bool possible);
        if (!possible || (conversion is not null && type != FieldType.Float64))
            throw new WorkflowException($"Input '{input.Name}' is in {input.Unit}, but field '{field.Name}' of feed '{feed.Schema.Feed}' is {field.Type} in {field.Unit}. {FeedBinding.UnitRemedy(input.Unit!)}");
        return (new FeedField(input.Name, type) { Unit = input.Unit ?? field.Unit }, ScanColumn.Of(feed, index, type, conversion));
    }

    // Lists are no inputs. A field that is called like the label is left out even where the truth comes from a label set: it would give the truth away.
    private static IEnumerable<(WorkflowInput Input, string Field)> All(FeedSchema schema, string? label) =>
        schema.Fields.Where(f => f.Name != label && !f.Type.IsList()).Select(f => (new WorkflowInput(f.Name, InputType.Number), f.Name));

    private static FieldType TypeFor(WorkflowInput input, FeedField field, string feed)
    {
        FieldType? type = (input.Type, field.Type) switch
        {
            (InputType.Number, FieldType.Float64 or FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean) => FieldType.Float64,
            (InputType.Integer, FieldType.Int64 or FieldType.UInt64) => field.Type,
            (InputType.Text or InputType.Image, FieldType.Text) => FieldType.Text,
            (InputType.Boolean, FieldType.Boolean) => FieldType.Boolean,
            _ => null,
        };
        return type ?? throw new WorkflowException(
            $"Input '{input.Name}' wants {Wanted(input.Type)}, but the field '{field.Name}' of feed '{feed}' holds {field.Type}. Bind the input to another field, or change its type in workflow.yaml.");
    }

    private static string Wanted(InputType type) => type switch
    {
        InputType.Number => "a number (Float64, Int64, UInt64 or Boolean)",
        InputType.Integer => "whole numbers (Int64 or UInt64)",
        InputType.Boolean => "true or false (Boolean)",
        InputType.Image => "references to images (Text)",
        _ => "Text",
    };
}

using System.Text;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Looks at selected labels before a classifier learns from them, because what libraries say later is hard to read.</summary>
internal static class LabelCheck
{
    /// <exception cref="WorkflowException">There is no record, only one class, or a class that the manifest does not name.</exception>
    public static void Check(WorkflowManifest manifest, TrainingData data, string? label)
    {
        if (data.Rows == 0)
        {
            throw new WorkflowException(label is null
                ? "No record was selected. Widen the time range or the filter, or wait for data."
                : $"No selected record has a label in '{label}'. Add labels, name other ones in 'labels', or widen the time range or the filter.");
        }

        if (label is null || data.LabelType is null || manifest.Output.Classes is not { } declared)
            return;
        RequireTwo(data, label);
        if (declared.Count > 0 && data.LabelType == FieldType.Text)
            RequireDeclared(data, label, declared);
    }

    private static void RequireTwo(TrainingData data, string label)
    {
        object? first = null;
        foreach (RecordBatch batch in data.Batches)
        {
            Column labels = batch.Column(batch.Schema.Fields.Count - 1);
            for (int row = 0; row < labels.Count; row++)
            {
                object? value = labels.GetValue(row);
                first ??= value;
                if (value is not null && !value.Equals(first))
                    return;
            }
        }

        throw new WorkflowException(
            $"All {data.Rows} selected records have the same label in '{label}': {(first is null ? "none" : $"'{first}'")}. A classifier learns from two classes or more: "
            + "label records of another class, or widen the time range or the filter.");
    }

    private static void RequireDeclared(TrainingData data, string label, IReadOnlyList<string> declared)
    {
        byte[][] classes = [.. declared.Select(Encoding.UTF8.GetBytes)];
        foreach (RecordBatch batch in data.Batches)
        {
            Column labels = batch.Column(batch.Schema.Fields.Count - 1);
            for (int row = 0; row < labels.Count; row++)
            {
                ReadOnlySpan<byte> value = labels.Utf8(row);
                bool found = !labels.IsValid(row);
                for (int i = 0; i < classes.Length && !found; i++)
                    found = value.SequenceEqual(classes[i]);
                if (!found)
                {
                    throw new WorkflowException(
                        $"The label {FindingList.Quote(Encoding.UTF8.GetString(value))} in '{label}' (record at position {batch.Positions[row]}) is none of the classes {string.Join(", ", declared)}. "
                        + "Correct the label, leave such records out with a filter, or add the class to output.classes in workflow.yaml.");
                }
            }
        }
    }
}

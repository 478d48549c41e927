using Mlops.Data;

namespace Mlops.Workflows;

/// <summary>What a training sees: columns named as the workflow's inputs, and the labels.</summary>
public sealed class TrainingData
{
    /// <summary>Gets the schema of the inputs, in the order the model will get them.</summary>
    public required FeedSchema Inputs { get; init; }

    /// <summary>Gets the batches under that schema plus, as last column, the label when <see cref="LabelType"/> is set.</summary>
    public required IReadOnlyList<RecordBatch> Batches { get; init; }

    /// <summary>Gets the type of the label column; <see langword="null"/> for unsupervised workflows.</summary>
    public FieldType? LabelType { get; init; }

    /// <summary>Gets the number of records.</summary>
    public long Rows => Batches.Sum(b => (long)b.Count);
}

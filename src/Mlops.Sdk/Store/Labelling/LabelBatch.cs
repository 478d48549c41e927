namespace Mlops.Store.Labelling;

/// <summary>Labels with their numbers in the table, oldest first.</summary>
internal sealed record LabelBatch(IReadOnlyList<long> Numbers, IReadOnlyList<Label> Labels);

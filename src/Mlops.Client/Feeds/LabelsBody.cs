namespace Mlops.Client;

/// <summary>Labels to be stored.</summary>
/// <param name="Labels">The labels.</param>
public sealed record LabelsBody(IReadOnlyList<LabelBody> Labels);

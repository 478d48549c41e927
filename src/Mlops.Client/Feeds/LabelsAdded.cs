namespace Mlops.Client;

/// <summary>What became of labels.</summary>
/// <param name="Added">How many were stored.</param>
/// <param name="Rejected">How many were not.</param>
/// <param name="Problems">Why, for the first ones.</param>
public sealed record LabelsAdded(int Added, long Rejected = 0, IReadOnlyList<LineProblemDetails>? Problems = null);

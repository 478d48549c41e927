namespace Mlops.Client;

/// <summary>How the values of one input, or of the label, were distributed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Counts">How many values fell into each bin; the last count is of missing values.</param>
/// <param name="Edges">Upper bounds of the bins of numbers.</param>
/// <param name="Classes">The classes, the most frequent first.</param>
public sealed record FeatureDetails(
    string Name,
    IReadOnlyList<long> Counts,
    IReadOnlyList<double>? Edges = null,
    IReadOnlyList<string>? Classes = null);

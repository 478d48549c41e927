namespace Mlops.Training.Profiles;

/// <summary>How the values of one input, or of the label, were distributed in the training data.</summary>
public sealed record FeatureProfile
{
    /// <summary>Gets the name of the input.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the upper bounds, inclusive, of the bins of numbers, rising; above the last one there is one more bin. <see langword="null"/> for classes.</summary>
    /// <remarks>The first bin lies below the smallest value and the last one above the largest, so both were empty in the training data.</remarks>
    public IReadOnlyList<double>? Edges { get; init; }

    /// <summary>Gets the classes, the most frequent first, up to fifty; one more bin holds all others. <see langword="null"/> for numbers.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Gets how many values fell into each bin; the last count is of missing values.</summary>
    public required IReadOnlyList<long> Counts { get; init; }
}

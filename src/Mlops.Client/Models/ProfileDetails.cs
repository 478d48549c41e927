namespace Mlops.Client;

/// <summary>How the data was distributed that a model learned from.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Label">The label.</param>
public sealed record ProfileDetails(IReadOnlyList<FeatureDetails> Inputs, FeatureDetails? Label = null);

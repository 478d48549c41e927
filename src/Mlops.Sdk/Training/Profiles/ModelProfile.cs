namespace Mlops.Training.Profiles;

/// <summary>How the data was distributed that a model learned from.</summary>
/// <param name="Inputs">The inputs, in the model's order.</param>
/// <param name="Label">The truth; <see langword="null"/> when it learned without.</param>
public sealed record ModelProfile(IReadOnlyList<FeatureProfile> Inputs, FeatureProfile? Label);

namespace Mlops.Client;

/// <summary>Met when data is far from what the model learned from. One of the two limits is enough.</summary>
/// <param name="Psi">The population stability index from which it is met; 0.25 is a large one.</param>
/// <param name="Ks">The Kolmogorov-Smirnov distance from which it is met.</param>
/// <param name="For">How long it must be so without a break; at once where nothing is said.</param>
public sealed record DriftLimit(double? Psi = null, double? Ks = null, TimeSpan? For = null);

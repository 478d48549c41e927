namespace Mlops.Prediction.Drift;

/// <summary>How far the newest values of an input, or of the answers, are from the training data.</summary>
/// <param name="Name">The input, or the answers' field.</param>
/// <param name="IsAnswer">Whether it is the answers.</param>
/// <param name="Psi">Population stability index over the training data's tenths (or its most frequent values) and missing values; 0 is no difference, 0.1 to 0.25 some, above that a large one.</param>
/// <param name="Ks">Kolmogorov-Smirnov distance, 0 to 1, measured at the training data's tenths; <see langword="null"/> for what is not a number.</param>
public sealed record DriftFigures(string Name, bool IsAnswer, double Psi, double? Ks);

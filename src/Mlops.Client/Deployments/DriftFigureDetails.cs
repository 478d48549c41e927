namespace Mlops.Client;

/// <summary>How far one input, or the answer, is from the training data.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsAnswer">Whether it is the answer.</param>
/// <param name="Psi">Population stability index.</param>
/// <param name="Ks">Kolmogorov-Smirnov distance; for numbers.</param>
public sealed record DriftFigureDetails(string Name, bool IsAnswer, double Psi, double? Ks = null);

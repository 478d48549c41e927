namespace Mlops.Store.Selection;

/// <summary>Keeps equally many records of each class, chosen by chance that a seed fixes.</summary>
/// <param name="PerClass">How many of each class at most; <see langword="null"/> for as many as the rarest class has.</param>
/// <param name="Seed">Fixes the choice.</param>
public sealed record ClassBalance(int? PerClass = null, long Seed = 0);

namespace Mlops.Client;

/// <summary>Keeps equally many records of each class.</summary>
/// <param name="PerClass">How many of each class at most; as many as the rarest has where nothing is said.</param>
/// <param name="Seed">Fixes the choice.</param>
public sealed record BalanceRule(int? PerClass = null, long Seed = 0);

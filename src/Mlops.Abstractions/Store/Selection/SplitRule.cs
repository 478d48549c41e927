namespace Mlops.Store.Selection;

/// <summary>Says which of the selected records are held out of the training.</summary>
/// <param name="Kind">By what.</param>
/// <param name="HeldOut">Which part is held out, between 0 and 1; by chance and by groups it is met roughly.</param>
/// <param name="Seed">Fixes the choice by chance.</param>
/// <param name="Field">The field of <see cref="SplitKind.Group"/>.</param>
public sealed record SplitRule(SplitKind Kind, double HeldOut = 0.2, long Seed = 0, string? Field = null);

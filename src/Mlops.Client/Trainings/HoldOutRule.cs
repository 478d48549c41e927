namespace Mlops.Client;

/// <summary>Says which of the selected records are held out of a training.</summary>
/// <param name="Kind">By what: <c>random</c>, <c>time</c> or <c>group</c>.</param>
/// <param name="HeldOut">Which part, between 0 and 1.</param>
/// <param name="Seed">Fixes the choice by chance.</param>
/// <param name="Field">The field whose equal values stay together, for <c>group</c>.</param>
public sealed record HoldOutRule(string Kind, double HeldOut = 0.2, long Seed = 0, string? Field = null);

namespace Mlops.Client;

/// <summary>What became of imported records.</summary>
/// <param name="Feed">The feed that has them.</param>
/// <param name="Records">How many were stored.</param>
/// <param name="Rejected">How many were not.</param>
/// <param name="Problems">Why, for the first ones.</param>
public sealed record ImportAnswer(string Feed, long Records, long Rejected, IReadOnlyList<LineProblemDetails> Problems);

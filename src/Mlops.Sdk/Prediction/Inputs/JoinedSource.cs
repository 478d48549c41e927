namespace Mlops.Prediction.Inputs;

/// <summary>A feed whose newest record at the time of each answered record gives some of the inputs.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Inputs">Index of each input with the field behind it.</param>
/// <param name="Tolerance">How much older its record may be, in nanoseconds; <see langword="null"/> for any age.</param>
/// <param name="MinimumQuality">The worst quality that counts.</param>
internal sealed record JoinedSource(string Feed, IReadOnlyList<(int Input, string Field)> Inputs, long? Tolerance, byte MinimumQuality);

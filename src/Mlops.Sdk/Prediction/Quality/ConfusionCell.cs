namespace Mlops.Prediction.Quality;

/// <summary>How often one class was answered where another, or the same, was expected.</summary>
/// <param name="Expected">The class that was expected.</param>
/// <param name="Answered">The class that was answered.</param>
/// <param name="Count">How often.</param>
public sealed record ConfusionCell(string Expected, string Answered, long Count);

namespace Mlops.Prediction.Quality;

/// <summary>How well one class is told.</summary>
/// <param name="Name">The class.</param>
/// <param name="Expected">How often it was expected.</param>
/// <param name="Answered">How often it was answered.</param>
/// <param name="Precision">The share of its answers that were expected; <see langword="null"/> when it was never answered.</param>
/// <param name="Recall">The share of its expectations that were answered; <see langword="null"/> when it was never expected.</param>
/// <param name="F1">Twice the hits through the sum of <paramref name="Expected"/> and <paramref name="Answered"/>.</param>
public sealed record ClassFigures(string Name, long Expected, long Answered, double? Precision, double? Recall, double F1);

namespace Mlops.Prediction.Quality;

/// <summary>A tally as the database remembers it.</summary>
internal sealed record TallyState(long Count, long Matches, long Numbers, double Absolute, double Squared, IReadOnlyList<ConfusionCell> Confusion);

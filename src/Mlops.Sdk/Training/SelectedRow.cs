namespace Mlops.Training;

/// <summary>A record as a training would see it.</summary>
/// <param name="Time">Its time.</param>
/// <param name="Values">The values by input.</param>
/// <param name="Label">The truth; <see langword="null"/> without a label.</param>
public sealed record SelectedRow(DateTimeOffset Time, IReadOnlyDictionary<string, object?> Values, object? Label);

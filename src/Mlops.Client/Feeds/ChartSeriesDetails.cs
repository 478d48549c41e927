namespace Mlops.Client;

/// <summary>One field, bucket by bucket; <see langword="null"/> where there is no value.</summary>
/// <param name="Field">The field.</param>
/// <param name="Counts">How many values each bucket has.</param>
/// <param name="Min">The smallest value of each bucket.</param>
/// <param name="Max">The largest value of each bucket.</param>
/// <param name="Mean">The mean of each bucket.</param>
/// <param name="First">The value of the earliest record of each bucket.</param>
/// <param name="Last">The value of the latest record of each bucket.</param>
public sealed record ChartSeriesDetails(
    string Field,
    IReadOnlyList<long> Counts,
    IReadOnlyList<double?> Min,
    IReadOnlyList<double?> Max,
    IReadOnlyList<double?> Mean,
    IReadOnlyList<double?> First,
    IReadOnlyList<double?> Last);

namespace Mlops.Client;

/// <summary>What trying a driver with some settings has shown.</summary>
/// <param name="Reached">Whether the asset was reached.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Records">How many records came.</param>
/// <param name="Feeds">The fields that it declared, by group.</param>
/// <param name="Reason">Why it was not reached.</param>
public sealed record ConnectionTestAnswer(
    bool Reached,
    double Seconds,
    long Records,
    IReadOnlyDictionary<string, IReadOnlyList<FieldDetails>> Feeds,
    string? Reason = null);

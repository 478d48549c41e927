namespace Mlops.Store.Selection;

/// <summary>Up to where a selection saw.</summary>
/// <param name="Positions">Last position that counted, by feed.</param>
/// <param name="Labels">Number of the last label that counted.</param>
/// <param name="Deletions">Number of the last deletion of a label that counted.</param>
internal sealed record SelectionHorizon(IReadOnlyDictionary<string, long> Positions, long Labels, long Deletions);

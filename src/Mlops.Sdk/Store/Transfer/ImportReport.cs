namespace Mlops.Store.Transfer;

/// <summary>What became of the lines of an import.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Records">How many records were stored.</param>
/// <param name="Rejected">How many lines were not taken.</param>
/// <param name="Problems">Why, for the first 1,000 of them.</param>
public sealed record ImportReport(string Feed, long Records, long Rejected, IReadOnlyList<LineProblem> Problems);

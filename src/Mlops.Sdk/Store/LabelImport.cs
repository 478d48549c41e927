using Mlops.Store.Transfer;

namespace Mlops.Store;

/// <summary>What became of the lines of imported labels.</summary>
/// <param name="Added">How many labels were added.</param>
/// <param name="Rejected">How many lines were not taken.</param>
/// <param name="Problems">Why, for the first 1,000 of them.</param>
public sealed record LabelImport(int Added, long Rejected, IReadOnlyList<LineProblem> Problems);

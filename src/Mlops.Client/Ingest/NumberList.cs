namespace Mlops.Client;

/// <summary>Names several things by number.</summary>
/// <param name="Ids">Their numbers.</param>
public sealed record NumberList(IReadOnlyList<long> Ids);

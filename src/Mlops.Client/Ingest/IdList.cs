namespace Mlops.Client;

/// <summary>Names several things.</summary>
/// <param name="Ids">Their ids.</param>
public sealed record IdList(IReadOnlyList<string> Ids);

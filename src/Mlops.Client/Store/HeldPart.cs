namespace Mlops.Client;

/// <summary>Records that retention would drop, and that somebody still needs.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="AfterPosition">They are behind this position.</param>
/// <param name="Reader">Who needs them.</param>
public sealed record HeldPart(string Feed, long AfterPosition, string Reader);

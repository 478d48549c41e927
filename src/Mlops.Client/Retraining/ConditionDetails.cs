namespace Mlops.Client;

/// <summary>How one condition of a trigger stands.</summary>
/// <param name="Kind"><c>schedule</c>, <c>newLabels</c>, <c>drift</c> or <c>quality</c>.</param>
/// <param name="Met">Whether it would make the trigger fire now.</param>
/// <param name="Text">Where it stands against its limit, in words.</param>
/// <param name="Since">Since when its limit is passed, for one that must last.</param>
public sealed record ConditionDetails(string Kind, bool Met, string Text, DateTimeOffset? Since = null);

namespace Mlops.Prediction.Retraining;

/// <summary>How one condition of a trigger stands.</summary>
/// <param name="Kind"><c>schedule</c>, <c>newLabels</c>, <c>drift</c> or <c>quality</c>.</param>
/// <param name="Met">Whether it would make the trigger fire now.</param>
/// <param name="Text">Where it stands against its limit, for people.</param>
/// <param name="Since">Since when its limit is passed, for one that must last; <see langword="null"/> when it is not.</param>
public sealed record ConditionInfo(string Kind, bool Met, string Text, DateTimeOffset? Since = null);

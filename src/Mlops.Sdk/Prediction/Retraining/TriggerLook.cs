namespace Mlops.Prediction.Retraining;

/// <summary>How a trigger stood when it was looked at.</summary>
/// <param name="Conditions">Its conditions.</param>
/// <param name="Held">Since when limits are passed, by condition and model.</param>
/// <param name="Problem">What keeps it from firing.</param>
internal sealed record TriggerLook(IReadOnlyList<ConditionInfo> Conditions, IReadOnlyDictionary<string, DateTimeOffset> Held, string? Problem);

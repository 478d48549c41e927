namespace Mlops.Prediction.Retraining;

/// <summary>A moment in the order of labels and of records.</summary>
/// <param name="Label">Number of the newest label.</param>
/// <param name="Position">Position of the newest record of the feed.</param>
internal sealed record LabelMark(long Label, long Position);

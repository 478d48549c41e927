namespace Mlops.Prediction;

/// <summary>Names the record that was answered.</summary>
/// <param name="Feed">Id of its feed.</param>
/// <param name="Seq">The asset's message number, if it sends any.</param>
/// <param name="Ts">The record's time.</param>
/// <param name="Row">Its position.</param>
public sealed record PredictionSource(string Feed, long? Seq, DateTimeOffset Ts, long Row);

namespace Mlops.Testing.Assets;

/// <summary>Is a label that names its record.</summary>
/// <param name="Sequence">The record's <c>seq</c>.</param>
/// <param name="RecordTime">The record's time in UTC.</param>
/// <param name="Label">The label.</param>
internal sealed record PendingLabel(long Sequence, DateTime RecordTime, string Label);

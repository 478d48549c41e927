namespace Mlops.Databus.Publishing;

/// <summary>The record that an answer is for.</summary>
internal readonly record struct AnsweredRecord(string Feed, long Sequence, long Time, long Position, byte Quality);

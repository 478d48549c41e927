namespace Mlops.Training;

/// <summary>A line that a training has put out.</summary>
internal sealed record RunLogLine(DateTimeOffset Time, string Text, bool IsError);

namespace Mlops.Client;

/// <summary>A line that a training has put out.</summary>
/// <param name="Time">When.</param>
/// <param name="Text">The line.</param>
/// <param name="IsError">Whether it came on the error output.</param>
public sealed record OutputLine(DateTimeOffset Time, string Text, bool IsError);

namespace Mlops.Databus;

/// <summary>What became of values written to an app.</summary>
/// <param name="Topic">Where they were published.</param>
/// <param name="RequestId">The id under which an answer was asked for; <see langword="null"/> when none was.</param>
/// <param name="Answer">The app's answer, JSON as it came; <see langword="null"/> when none came in time.</param>
public sealed record DatabusWriteResult(string Topic, string? RequestId, string? Answer);

namespace Mlops.Client;

/// <summary>What became of values written to an app.</summary>
/// <param name="Topic">Where they were published.</param>
/// <param name="RequestId">The id under which an answer was asked for.</param>
/// <param name="Answer">The app's answer as it came; <see langword="null"/> when none came in time.</param>
public sealed record DatabusWritten(string Topic, string? RequestId = null, string? Answer = null);

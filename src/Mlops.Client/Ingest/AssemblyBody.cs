namespace Mlops.Client;

/// <summary>Says how rows are assembled from messages.</summary>
/// <param name="Mode"><c>message</c> (a row for each message), <c>latest</c> (with last known values) or <c>cycle</c> (a row for each period).</param>
/// <param name="MaxAge">How old a last known value may be, 1 ms to 7 days; 1 minute where nothing is said.</param>
/// <param name="Period">How long a cycle is, 10 ms to 1 day; 1 second where nothing is said.</param>
/// <param name="Shape"><c>auto</c>, <c>wide</c> or <c>long</c>: whether data points have a column each.</param>
public sealed record AssemblyBody(string Mode = "message", TimeSpan? MaxAge = null, TimeSpan? Period = null, string Shape = "auto");

namespace Mlops.Client;

/// <summary>Why a line was not taken.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Reason">Why.</param>
public sealed record LineProblemDetails(long Line, string Reason);

namespace Mlops.Client;

/// <summary>Turns a model down.</summary>
/// <param name="Reason">Why.</param>
public sealed record RejectBody(string? Reason = null);

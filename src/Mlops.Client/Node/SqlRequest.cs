namespace Mlops.Client;

/// <summary>One SELECT over feeds; each is a table under its id, quoted.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Limit">How many rows at most; the node's own limit where nothing is said.</param>
/// <param name="TimeoutSeconds">How long it may take, seconds; at most the node's own limit.</param>
public sealed record SqlRequest(string Sql, long? Limit = null, double? TimeoutSeconds = null);

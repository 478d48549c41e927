namespace Mlops.Client;

/// <summary>Where a deployment's answers appear on the databus.</summary>
/// <param name="Connection">Name of the connection.</param>
/// <param name="Collection">Name of the collection.</param>
public sealed record OutputNames(string Connection, string Collection);

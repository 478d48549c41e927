namespace Mlops.Data;

/// <summary>The names under which a feed was announced, unchanged, for display.</summary>
/// <param name="App">Application (provider instance) on the databus, or the driver kind.</param>
/// <param name="Connection">Connection of that application, or the asset id.</param>
/// <param name="Collection">Collection of that connection, or the driver's group.</param>
public sealed record FeedOrigin(string App, string Connection, string Collection);

namespace Mlops.Drivers.OpcUa.Discovery;

/// <summary>A server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ApplicationUri">URI under which it presents itself; its certificate names it.</param>
/// <param name="Addresses">Where it can be asked for its endpoints.</param>
public sealed record OpcUaServerInfo(string Name, string ApplicationUri, IReadOnlyList<string> Addresses);

namespace Mlops.Drivers.OpcUa.Tests.Peers;

/// <summary>A monitored item as the server knows it.</summary>
internal sealed record ServerItem(uint Subscription, uint Id, string Node, uint Queue, double Publishing);

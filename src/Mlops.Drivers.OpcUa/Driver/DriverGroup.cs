namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>A group with its nodes read; the trigger, where there is one, stands first.</summary>
internal sealed record DriverGroup(OpcUaGroupSettings Settings, IReadOnlyList<NodeReference> Nodes);

using System.Text.Json.Nodes;

namespace Mlops.Drivers;

/// <summary>An asset as the catalog has it.</summary>
public sealed record AssetDefinition
{
    /// <summary>Gets the id, unique in the node without regard to case.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the kind of its driver.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets a value indicating whether its driver runs.</summary>
    public bool Enabled { get; init; }

    /// <summary>Gets a value indicating whether its feeds are published on MQTT as well.</summary>
    public bool Mirror { get; init; }

    /// <summary>Gets the settings; secrets read <c>********</c> unless they were asked for. The caller's own copy.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>Gets the version, which changes with every change and never repeats.</summary>
    public long Version { get; init; }

    /// <summary>Gets when it was changed last.</summary>
    public DateTimeOffset Changed { get; init; }
}

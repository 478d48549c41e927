namespace Mlops.Drivers.OpcUa.PublishedNodes;

/// <summary>An entry of a file of published nodes: a server, and nodes of it. What is not read here concerns how OPC Publisher sends, not what it reads.</summary>
internal sealed record PublishedEntry
{
    public string? EndpointUrl { get; init; }

    public bool UseSecurity { get; init; }

    public string? EndpointSecurityMode { get; init; }

    public string? EndpointSecurityPolicy { get; init; }

    public string? OpcAuthenticationMode { get; init; }

    public string? OpcAuthenticationUsername { get; init; }

    public string? OpcAuthenticationPassword { get; init; }

    public string? DataSetWriterId { get; init; }

    public double? DataSetPublishingInterval { get; init; }

    public TimeSpan? DataSetPublishingIntervalTimespan { get; init; }

    public IReadOnlyList<PublishedNode>? OpcNodes { get; init; }

    /// <summary>Gets the only node of an entry in the oldest form.</summary>
    public PublishedNodeId? NodeId { get; init; }
}

/// <summary>A node in the oldest form.</summary>
internal sealed record PublishedNodeId(string? Identifier);

/// <summary>A node, and how it is read.</summary>
internal sealed record PublishedNode
{
    public string? Id { get; init; }

    public string? ExpandedNodeId { get; init; }

    public string? AttributeId { get; init; }

    public string? IndexRange { get; init; }

    public bool UseCyclicRead { get; init; }

    public double? OpcSamplingInterval { get; init; }

    public TimeSpan? OpcSamplingIntervalTimespan { get; init; }

    public double? OpcPublishingInterval { get; init; }

    public TimeSpan? OpcPublishingIntervalTimespan { get; init; }

    public string? DataSetFieldId { get; init; }

    public string? DisplayName { get; init; }

    public bool SkipFirst { get; init; }

    public bool DiscardNew { get; init; }

    public double? HeartbeatInterval { get; init; }

    public TimeSpan? HeartbeatIntervalTimespan { get; init; }

    public int? QueueSize { get; init; }

    public string? DataChangeTrigger { get; init; }

    public string? DeadbandType { get; init; }

    public double? DeadbandValue { get; init; }

    public PublishedEvents? EventFilter { get; init; }
}

/// <summary>Which events are read.</summary>
internal sealed record PublishedEvents
{
    public string? TypeDefinitionId { get; init; }

    public IReadOnlyList<PublishedSelect>? SelectClauses { get; init; }

    public System.Text.Json.JsonElement? WhereClause { get; init; }
}

/// <summary>A field of an event.</summary>
internal sealed record PublishedSelect(IReadOnlyList<string>? BrowsePath);

namespace Mlops.Mqtt.Broker.Statistics;

/// <summary>What a broker holds at one moment.</summary>
internal readonly record struct BrokerFigures
{
    /// <summary>Sessions with a connection.</summary>
    public int Connected { get; init; }

    /// <summary>Sessions that outlive their connection and have none.</summary>
    public int Away { get; init; }

    /// <summary>Messages that wait for sessions, one for each.</summary>
    public long Queued { get; init; }

    /// <summary>Messages sent with QoS 1 and 2 and not acknowledged.</summary>
    public long InFlight { get; init; }

    /// <summary>Bytes of both.</summary>
    public long QueuedBytes { get; init; }

    public int Subscriptions { get; init; }

    /// <summary>Those among them that share their messages.</summary>
    public int SharedSubscriptions { get; init; }

    /// <summary>Retained messages, without the broker's own.</summary>
    public int Retained { get; init; }

    public long RetainedBytes { get; init; }
}

namespace Mlops.Mqtt.Transport;

/// <summary>What has passed in one direction over all connections of a broker or client. Thread-safe.</summary>
internal sealed class Traffic
{
    private long packets, bytes, payloadBytes, atMostOnce, atLeastOnce, exactlyOnce;

    /// <summary>Packets of any kind.</summary>
    public long Packets => Volatile.Read(ref packets);

    /// <summary>Bytes of packets, without those of TLS and WebSocket.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Bytes of the contents of messages.</summary>
    public long PayloadBytes => Volatile.Read(ref payloadBytes);

    /// <summary>Messages of any quality, repetitions included.</summary>
    public long Messages => MessagesOf(MqttQualityOfService.AtMostOnce) + MessagesOf(MqttQualityOfService.AtLeastOnce) + MessagesOf(MqttQualityOfService.ExactlyOnce);

    public long MessagesOf(MqttQualityOfService quality) => quality switch
    {
        MqttQualityOfService.AtMostOnce => Volatile.Read(ref atMostOnce),
        MqttQualityOfService.AtLeastOnce => Volatile.Read(ref atLeastOnce),
        _ => Volatile.Read(ref exactlyOnce),
    };

    /// <summary>Adds what a loop has counted, and empties its tally.</summary>
    public void Add(ref TrafficTally tally)
    {
        Add(ref packets, tally.Packets);
        Add(ref bytes, tally.Bytes);
        Add(ref payloadBytes, tally.PayloadBytes);
        Add(ref atMostOnce, tally.AtMostOnce);
        Add(ref atLeastOnce, tally.AtLeastOnce);
        Add(ref exactlyOnce, tally.ExactlyOnce);
        tally = default;
    }

    private static void Add(ref long total, long some)
    {
        if (some != 0)
            Interlocked.Add(ref total, some);
    }
}

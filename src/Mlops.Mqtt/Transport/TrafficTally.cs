namespace Mlops.Mqtt.Transport;

/// <summary>What one loop has counted since it last told <see cref="Traffic"/>: so messages that come or leave together cost one update.</summary>
internal struct TrafficTally
{
    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    public long PayloadBytes { get; private set; }

    public long AtMostOnce { get; private set; }

    public long AtLeastOnce { get; private set; }

    public long ExactlyOnce { get; private set; }

    public void CountPacket(int length)
    {
        Packets++;
        Bytes += length;
    }

    public void CountPayload(int length) => PayloadBytes += length;

    public void CountMessage(MqttQualityOfService quality)
    {
        switch (quality)
        {
            case MqttQualityOfService.AtMostOnce:
                AtMostOnce++;
                break;
            case MqttQualityOfService.AtLeastOnce:
                AtLeastOnce++;
                break;
            default:
                ExactlyOnce++;
                break;
        }
    }
}

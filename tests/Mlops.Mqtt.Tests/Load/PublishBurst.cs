using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Tests.Load;

/// <summary>A hundred messages for ten topics as bytes, of MQTT 5; QoS 2 ones are followed by their PUBRELs.</summary>
internal static class PublishBurst
{
    public const int Count = 100;
    private const int Topics = 10;
    private const int PayloadSize = 200;

    /// <summary>With topics in full and, if so wanted, the aliases they get.</summary>
    public static byte[] First(MqttQualityOfService quality, bool withAliases) => Of(quality, withAliases, isNamed: true);

    /// <summary>With aliases instead of topics, if so wanted.</summary>
    public static byte[] Next(MqttQualityOfService quality, bool withAliases) => Of(quality, withAliases, isNamed: !withAliases);

    private static byte[] Of(MqttQualityOfService quality, bool withAliases, bool isNamed)
    {
        var all = new List<byte>();
        var payload = new byte[PayloadSize];
        payload.AsSpan().Fill(1);
        for (int i = 0; i < Count; i++)
        {
            byte[] topic = [.. "plant/line/"u8, (byte)('0' + (i % Topics))];
            ushort alias = (ushort)(withAliases ? 1 + (i % Topics) : 0);
            var writer = new PublishWriter(
                PublishFlags.Of(quality, false), isNamed ? topic : [], [], [], payload.Length, MqttProtocolVersion.V5, alias: alias);
            var packet = new byte[writer.PacketLength];
            writer.Write(packet, (ushort)(i + 1));
            payload.CopyTo(packet.AsSpan(writer.HeaderLength));
            all.AddRange(packet);
        }

        for (int i = 0; quality == MqttQualityOfService.ExactlyOnce && i < Count; i++)
            all.AddRange([0x62, 2, (byte)((i + 1) >> 8), (byte)(i + 1)]);
        return [.. all];
    }
}

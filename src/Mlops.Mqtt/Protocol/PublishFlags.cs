namespace Mlops.Mqtt.Protocol;

/// <summary>The lower four bits of the first byte of a PUBLISH.</summary>
internal static class PublishFlags
{
    public const byte Retain = 1;
    public const byte AtLeastOnce = 2;
    public const byte Duplicate = 8;

    public static MqttQualityOfService QualityOfService(byte flags) => (MqttQualityOfService)((flags >> 1) & 3);

    public static byte Of(MqttQualityOfService qualityOfService, bool retain) =>
        (byte)(((int)qualityOfService << 1) | (retain ? Retain : 0));
}

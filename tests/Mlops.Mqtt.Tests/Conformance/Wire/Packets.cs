using System.Text;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>
/// Packets written down from the tables of the specification, with nothing of the library: where both its sides had the same idea of a
/// packet and the idea were wrong, tests that use its own codec would not notice.
/// </summary>
internal static class Packets
{
    /// <param name="version">4 or 5.</param>
    /// <param name="clientId">The name.</param>
    /// <param name="clean">Clean session, or clean start.</param>
    /// <param name="keepAlive">Seconds.</param>
    /// <param name="properties">The properties, of version 5 only.</param>
    /// <param name="will">The will, or null.</param>
    public static byte[] Connect(int version, string clientId, bool clean = true, ushort keepAlive = 0, byte[]? properties = null, Will? will = null)
    {
        byte flags = (byte)(clean ? 2 : 0);
        byte[] rest = Text(clientId);
        if (will is not null)
        {
            flags |= (byte)(4 | (will.Quality << 3) | (will.Retain ? 32 : 0));
            rest = [.. rest, .. Section(version, will.Properties), .. Text(will.Topic), .. Binary(will.Payload)];
        }

        return Packet(0x10, [.. Text("MQTT"), (byte)version, flags, .. Number(keepAlive), .. Section(version, properties), .. rest]);
    }

    public static byte[] Publish(
        int version, string topic, string payload, int quality = 0, ushort id = 0, bool retain = false, bool duplicate = false, byte[]? properties = null) =>
        Packet(
            (byte)(0x30 | (duplicate ? 8 : 0) | (quality << 1) | (retain ? 1 : 0)),
            [.. Text(topic), .. quality > 0 ? Number(id) : [], .. Section(version, properties), .. Encoding.UTF8.GetBytes(payload)]);

    public static byte[] Subscribe(int version, ushort id, byte[]? properties, params (string Filter, byte Options)[] filters) =>
        Packet(0x82, [.. Number(id), .. Section(version, properties), .. filters.SelectMany(one => (byte[])[.. Text(one.Filter), one.Options])]);

    public static byte[] Unsubscribe(int version, ushort id, params string[] filters) =>
        Packet(0xA2, [.. Number(id), .. Section(version, null), .. filters.SelectMany(Text)]);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP in its short form, which means success.</summary>
    public static byte[] Answer(byte first, int id) => Packet(first, Number((ushort)id));

    public static byte[] Packet(byte first, byte[] body) => [first, .. Variable(body.Length), .. body];

    public static byte[] Property(byte id, uint number) => [id, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    public static byte[] Property(byte id, ushort number) => [id, .. Number(number)];

    public static byte[] Property(byte id, string text) => [id, .. Text(text)];

    public static byte[] UserProperty(string name, string value) => [38, .. Text(name), .. Text(value)];

    public static byte[] SubscriptionId(int id) => [11, .. Variable(id)];

    public static byte[] Text(string text) => Binary(Encoding.UTF8.GetBytes(text));

    public static byte[] Number(ushort number) => [(byte)(number >> 8), (byte)number];

    public static byte[] Variable(int value)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)((value % 128) | (value >= 128 ? 128 : 0)));
            value /= 128;
        }
        while (value > 0);
        return [.. bytes];
    }

    private static byte[] Binary(byte[] bytes) => [.. Number((ushort)bytes.Length), .. bytes];

    private static byte[] Section(int version, byte[]? properties) => version == 5 ? [.. Variable(properties?.Length ?? 0), .. properties ?? []] : [];

    internal sealed record Will(string Topic, byte[] Payload, int Quality = 0, bool Retain = false, byte[]? Properties = null);
}

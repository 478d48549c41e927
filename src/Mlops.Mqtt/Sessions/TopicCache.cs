using System.Buffers.Binary;
using System.Text;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>The topics that one connection has used, so that a repeated topic is neither decoded nor checked nor routed again.</summary>
/// <remarks>
/// A table with one place for each hash: a newer topic takes the place of an older one, so memory is bounded (4096 topics of up to
/// 256 bytes) and nothing has to be evicted. Used by one read loop only.
/// </remarks>
internal sealed class TopicCache
{
    private const int LargestTable = 4096;
    private const int LongestCached = 256;

    private TopicEntry?[] table = new TopicEntry?[64];
    private int count;

    public TopicEntry Get(ReadOnlySpan<byte> utf8)
    {
        uint hash = Hash(utf8);
        var entry = table[hash & (table.Length - 1)];
        return entry is not null && entry.Hash == hash && utf8.SequenceEqual(entry.Utf8) ? entry : Add(utf8, hash);
    }

    private TopicEntry Add(ReadOnlySpan<byte> utf8, uint hash)
    {
        PacketReader.CheckText(utf8);
        string topic = Encoding.UTF8.GetString(utf8);
        if (!MqttTopicFilter.IsValidTopic(topic))
        {
            throw new MqttProtocolException(
                MqttReasonCode.TopicNameInvalid,
                $"The topic name of {utf8.Length} bytes is empty or has a wildcard.");
        }

        var entry = new TopicEntry(topic, utf8.ToArray(), hash);
        if (utf8.Length > LongestCached)
            return entry;
        if (count > table.Length / 2 && table.Length < LargestTable)
            Grow();
        ref var place = ref table[hash & (table.Length - 1)];
        if (place is null)
            count++;
        place = entry;
        return entry;
    }

    private void Grow()
    {
        var older = table;
        table = new TopicEntry?[older.Length * 4];
        count = 0;
        foreach (var entry in older)
        {
            if (entry is null)
                continue;
            table[entry.Hash & (table.Length - 1)] = entry;
            count++;
        }
    }

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = (ulong)text.Length * 0x9E3779B97F4A7C15;
        while (text.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * 0xFF51AFD7ED558CCD;
            hash ^= hash >> 32;
            text = text[8..];
        }

        foreach (byte next in text)
            hash = (hash ^ next) * 0x100000001B3;
        return (uint)(hash ^ (hash >> 29));
    }
}

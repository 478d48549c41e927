using System.Buffers.Binary;
using System.Text;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>The topics that one connection has used, so that a repeated topic is neither decoded nor checked nor routed again.</summary>
/// <remarks>
/// A table with a few places for each hash: when they are taken, a newer topic takes the place of an older one, so memory is bounded
/// (4096 topics of up to 256 bytes). Used by one read loop only.
/// </remarks>
internal sealed class TopicCache
{
    private const int SmallestTable = 16;
    private const int LargestTable = 4096;
    private const int LongestCached = 256;
    private const int PlacesOfHash = 4;

    /// <summary>Empty until the first topic comes: many connections only listen.</summary>
    private TopicEntry?[] table = [];
    private int count;
    private uint turn;

    public TopicEntry Get(ReadOnlySpan<byte> utf8)
    {
        uint hash = Hash(utf8);
        for (uint i = 0; i < PlacesOfHash && table.Length > 0; i++)
        {
            if (Place(hash + i) is not { } entry)
                break;
            if (entry.Hash == hash && utf8.SequenceEqual(entry.Utf8))
                return entry;
        }

        return Add(utf8, hash);
    }

    private ref TopicEntry? Place(uint hash) => ref table[hash & (table.Length - 1)];

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
        if (count >= table.Length / 2 && table.Length < LargestTable)
            Grow();
        Put(entry);
        return entry;
    }

    private void Put(TopicEntry entry)
    {
        for (uint i = 0; i < PlacesOfHash; i++)
        {
            ref var place = ref Place(entry.Hash + i);
            if (place is not null)
                continue;
            place = entry;
            count++;
            return;
        }

        Place(entry.Hash + (turn++ % PlacesOfHash)) = entry;
    }

    private void Grow()
    {
        var older = table;
        table = new TopicEntry?[Math.Max(SmallestTable, older.Length * 4)];
        count = 0;
        foreach (var entry in older)
        {
            if (entry is not null)
                Put(entry);
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

namespace Mlops.Mqtt.Transport;

/// <summary>The topic aliases that one connection sends (MQTT 5, section 3.3.2.3.4); used by its write loop only.</summary>
/// <remarks>Each topic has a few places, by its hash; when they are taken, a newer one takes the place of an older one.</remarks>
internal sealed class TopicAliases(int maximum)
{
    /// <summary>Shorter topics than this are not worth an alias, which takes three bytes itself.</summary>
    private const int ShortestTopic = 6;

    private const int PlacesOfHash = 4;

    /// <summary>Empty until the first topic gets an alias.</summary>
    private string?[] topics = [];
    private uint turn;

    /// <summary>Gives the alias of a topic, and whether the receiver knows it already; 0 when it gets none.</summary>
    public ushort Find(string topic, int utf8Length, out bool known)
    {
        known = false;
        if (utf8Length < ShortestTopic)
            return 0;
        uint hash = (uint)topic.GetHashCode();
        if (topics.Length == 0)
            return (ushort)(1 + Place(hash, 0));
        int free = -1;
        for (uint i = 0; i < PlacesOfHash; i++)
        {
            int place = Place(hash, i);
            known = topics[place] == topic;
            if (known)
                return (ushort)(place + 1);
            if (topics[place] is null && free < 0)
                free = place;
        }

        return (ushort)(1 + (free >= 0 ? free : Place(hash, turn++ % PlacesOfHash)));
    }

    /// <summary>Notes that the receiver has been told what the alias stands for.</summary>
    public void Set(ushort alias, string topic)
    {
        if (topics.Length == 0)
            topics = new string?[maximum];
        topics[alias - 1] = topic;
    }

    private int Place(uint hash, uint offset) => (int)((hash + (ulong)offset) % (ulong)maximum);
}

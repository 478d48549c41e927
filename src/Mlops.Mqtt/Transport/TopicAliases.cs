namespace Mlops.Mqtt.Transport;

/// <summary>The topic aliases that one connection sends (MQTT 5, section 3.3.2.3.4); used by its write loop only.</summary>
/// <remarks>Each topic has one place, by its hash; a newer one takes the place of an older one, so nothing has to be evicted or searched.</remarks>
internal sealed class TopicAliases(int maximum)
{
    /// <summary>Shorter topics than this are not worth an alias, which takes three bytes itself.</summary>
    private const int ShortestTopic = 6;

    private readonly string?[] topics = new string?[maximum];

    /// <summary>Gives the alias of a topic, and whether the receiver knows it already; 0 when it gets none.</summary>
    public ushort Find(string topic, int utf8Length, out bool known)
    {
        known = false;
        if (utf8Length < ShortestTopic)
            return 0;
        int place = (int)((uint)topic.GetHashCode() % (uint)topics.Length);
        known = topics[place] == topic;
        return (ushort)(place + 1);
    }

    /// <summary>Notes that the receiver has been told what the alias stands for.</summary>
    public void Set(ushort alias, string topic) => topics[alias - 1] = topic;
}

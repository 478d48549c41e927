using System.Text;

namespace Mlops.Mqtt.Sessions;

/// <summary>A topic name seen before: checked, decoded, and with what the receiver has found out about it.</summary>
internal sealed class TopicEntry(string topic, byte[] utf8, uint hash)
{
    public string Topic { get; } = topic;

    public byte[] Utf8 { get; } = utf8;

    public uint Hash { get; } = hash;

    /// <summary>Where messages of this topic go, as its owner resolved it; the owner knows when it is out of date.</summary>
    public object? Route { get; set; }

    /// <summary>Makes an entry for a topic that is known to be valid.</summary>
    public static TopicEntry Of(string topic) => new(topic, Encoding.UTF8.GetBytes(topic), 0);
}

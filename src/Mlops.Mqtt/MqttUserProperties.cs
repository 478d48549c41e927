using System.Text;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt;

/// <summary>The user properties of a received message, read from the receive buffer one after the other; enumerating allocates nothing.</summary>
public ref struct MqttUserProperties
{
    private PropertyReader reader;

    internal MqttUserProperties(ReadOnlySpan<byte> section) => reader = new PropertyReader(section, PacketType.Publish);

    /// <summary>Gets the current one, as strings made now.</summary>
    public readonly MqttUserProperty Current => new(Encoding.UTF8.GetString(reader.Bytes), Encoding.UTF8.GetString(reader.Second));

    /// <summary>Gets the name of the current one as UTF-8, valid only until the handler returns.</summary>
    public readonly ReadOnlySpan<byte> NameUtf8 => reader.Bytes;

    /// <summary>Gets the value of the current one as UTF-8, valid only until the handler returns.</summary>
    public readonly ReadOnlySpan<byte> ValueUtf8 => reader.Second;

    /// <summary>Goes on to the next one.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        while (reader.Next())
        {
            if (reader.Id == PropertyId.UserProperty)
                return true;
        }

        return false;
    }

    /// <summary>Gets the enumerator: the same from its start.</summary>
    /// <returns>The enumerator.</returns>
    public readonly MqttUserProperties GetEnumerator() => this;

    /// <summary>Copies them.</summary>
    /// <returns>All that follow.</returns>
    public readonly IReadOnlyList<MqttUserProperty> ToList()
    {
        List<MqttUserProperty> list = [];
        foreach (var property in this)
            list.Add(property);
        return list;
    }
}

using System.Text;

namespace Mlops.Mqtt.Bridge;

/// <summary>One way of one topic of a bridge: what is taken from a broker, and as what it is given to the other one.</summary>
internal sealed class Passage(string filter, string from, string to, MqttBridgeTopic topic, string name, int maxHops)
{
    /// <summary>The user property that names each bridge a message has passed.</summary>
    public const string Mark = "mlops-bridge";

    private static readonly byte[] MarkUtf8 = Encoding.UTF8.GetBytes(Mark);
    private readonly byte[] nameUtf8 = Encoding.UTF8.GetBytes(name);

    /// <summary>What is subscribed to.</summary>
    public string Filter { get; } = from + filter;

    public MqttSubscribeOptions Subscribe { get; } = new()
    {
        QualityOfService = topic.QualityOfService,
        NoLocal = true,
        RetainAsPublished = true,
        ManualAcknowledgement = true,
    };

    public static Passage Out(MqttBridgeTopic topic, MqttBridgeOptions options) => new(topic.Filter, topic.LocalPrefix, topic.RemotePrefix, topic, options.Name, options.MaxHops);

    public static Passage In(MqttBridgeTopic topic, MqttBridgeOptions options) => new(topic.Filter, topic.RemotePrefix, topic.LocalPrefix, topic, options.Name, options.MaxHops);

    /// <summary>Tells whether a message may pass: not through this bridge again, and not through endless others.</summary>
    public bool MayPass(in MqttIncoming message)
    {
        int hops = 0;
        var properties = message.UserProperties;
        while (properties.MoveNext())
        {
            if (!properties.NameUtf8.SequenceEqual(MarkUtf8))
                continue;
            if (++hops >= maxHops || properties.ValueUtf8.SequenceEqual(nameUtf8))
                return false;
        }

        return true;
    }

    /// <summary>Makes the message that the other broker gets.</summary>
    public MqttMessage Translate(in MqttIncoming message)
    {
        var copy = message.ToMessage();
        copy.Topic = to + copy.Topic[from.Length..];
        copy.QualityOfService = copy.QualityOfService < topic.QualityOfService ? copy.QualityOfService : topic.QualityOfService;
        copy.Retain = topic.Retain && message.Retain;
        copy.UserProperties = [.. copy.UserProperties, new MqttUserProperty(Mark, name)];
        return copy;
    }
}

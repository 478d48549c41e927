using static Mlops.Mqtt.Protocol.PacketType;

namespace Mlops.Mqtt.Protocol;

/// <summary>The form of a property's value.</summary>
internal enum PropertyForm : byte
{
    Unknown,
    Flag,
    UInt16,
    UInt32,
    Variable,
    Text,
    Binary,
    TextPair,
}

/// <summary>Which property has which form and may stand where (MQTT 5, table 2-4).</summary>
internal static class PropertyRules
{
    /// <summary>Stands for the properties of a will, which the table lists beside the packet types.</summary>
    public const PacketType Will = Reserved;

    private static readonly (PropertyForm Form, ushort Places)[] Table = CreateTable();

    public static PropertyForm FormOf(PropertyId id) => Table[(int)id].Form;

    public static PropertyForm FormOf(byte id, PacketType place)
    {
        if (id >= Table.Length || Table[id].Form == PropertyForm.Unknown)
            throw MqttProtocolException.Malformed($"Property {id} does not exist.");
        var (form, places) = Table[id];
        if ((places & (1 << (int)place)) == 0)
            throw MqttProtocolException.NotAllowed($"Property {(PropertyId)id} is not allowed in {(place == Will ? "a will" : place)}.");
        return form;
    }

    private static (PropertyForm Form, ushort Places)[] CreateTable()
    {
        var table = new (PropertyForm, ushort)[(int)PropertyId.SharedSubscriptionAvailable + 1];
        void Add(PropertyId id, PropertyForm form, params ReadOnlySpan<PacketType> places)
        {
            int mask = 0;
            foreach (var place in places)
                mask |= 1 << (int)place;
            table[(int)id] = (form, (ushort)mask);
        }

        Add(PropertyId.PayloadFormatIndicator, PropertyForm.Flag, Publish, Will);
        Add(PropertyId.MessageExpiryInterval, PropertyForm.UInt32, Publish, Will);
        Add(PropertyId.ContentType, PropertyForm.Text, Publish, Will);
        Add(PropertyId.ResponseTopic, PropertyForm.Text, Publish, Will);
        Add(PropertyId.CorrelationData, PropertyForm.Binary, Publish, Will);
        Add(PropertyId.SubscriptionIdentifier, PropertyForm.Variable, Publish, Subscribe);
        Add(PropertyId.SessionExpiryInterval, PropertyForm.UInt32, Connect, ConnAck, Disconnect);
        Add(PropertyId.AssignedClientIdentifier, PropertyForm.Text, ConnAck);
        Add(PropertyId.ServerKeepAlive, PropertyForm.UInt16, ConnAck);
        Add(PropertyId.AuthenticationMethod, PropertyForm.Text, Connect, ConnAck, Auth);
        Add(PropertyId.AuthenticationData, PropertyForm.Binary, Connect, ConnAck, Auth);
        Add(PropertyId.RequestProblemInformation, PropertyForm.Flag, Connect);
        Add(PropertyId.WillDelayInterval, PropertyForm.UInt32, Will);
        Add(PropertyId.RequestResponseInformation, PropertyForm.Flag, Connect);
        Add(PropertyId.ResponseInformation, PropertyForm.Text, ConnAck);
        Add(PropertyId.ServerReference, PropertyForm.Text, ConnAck, Disconnect);
        Add(PropertyId.ReasonString, PropertyForm.Text, ConnAck, PubAck, PubRec, PubRel, PubComp, SubAck, UnsubAck, Disconnect, Auth);
        Add(PropertyId.ReceiveMaximum, PropertyForm.UInt16, Connect, ConnAck);
        Add(PropertyId.TopicAliasMaximum, PropertyForm.UInt16, Connect, ConnAck);
        Add(PropertyId.TopicAlias, PropertyForm.UInt16, Publish);
        Add(PropertyId.MaximumQoS, PropertyForm.Flag, ConnAck);
        Add(PropertyId.RetainAvailable, PropertyForm.Flag, ConnAck);
        Add(
            PropertyId.UserProperty,
            PropertyForm.TextPair,
            Connect,
            ConnAck,
            Publish,
            Will,
            PubAck,
            PubRec,
            PubRel,
            PubComp,
            Subscribe,
            SubAck,
            Unsubscribe,
            UnsubAck,
            Disconnect,
            Auth);
        Add(PropertyId.MaximumPacketSize, PropertyForm.UInt32, Connect, ConnAck);
        Add(PropertyId.WildcardSubscriptionAvailable, PropertyForm.Flag, ConnAck);
        Add(PropertyId.SubscriptionIdentifierAvailable, PropertyForm.Flag, ConnAck);
        Add(PropertyId.SharedSubscriptionAvailable, PropertyForm.Flag, ConnAck);
        return table;
    }
}

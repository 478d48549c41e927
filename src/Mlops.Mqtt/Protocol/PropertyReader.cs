namespace Mlops.Mqtt.Protocol;

/// <summary>Walks through a property section and checks form, place and repetition of each.</summary>
internal ref struct PropertyReader(ReadOnlySpan<byte> section, PacketType place)
{
    private PacketReader reader = new(section);
    private readonly int length = section.Length;
    private ulong seen;

    public PropertyId Id { get; private set; }

    /// <summary>The value of a numeric property.</summary>
    public uint Number { get; private set; }

    /// <summary>The value of a text or binary property; the name of a user property.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of a user property.</summary>
    public ReadOnlySpan<byte> Second { get; private set; }

    /// <summary>Where the current property begins in the section.</summary>
    public int Offset { get; private set; }

    public bool Next()
    {
        if (reader.AtEnd)
            return false;
        Offset = length - reader.Rest.Length;
        // Identifiers are variable byte integers, but all that exist fit one byte; a longer one is unknown either way.
        byte id = reader.ReadByte();
        var form = PropertyRules.FormOf(id, place);
        Id = (PropertyId)id;
        bool repeats = Id == PropertyId.UserProperty || (Id == PropertyId.SubscriptionIdentifier && place == PacketType.Publish);
        if (!repeats && (seen & (1UL << id)) != 0)
            throw MqttProtocolException.NotAllowed($"Property {Id} stands twice in {place}.");
        seen |= 1UL << id;
        ReadValue(form);
        return true;
    }

    /// <summary>Reads to the end, for packets of which no property matters here.</summary>
    public void CheckAll()
    {
        while (Next())
        {
        }
    }

    private void ReadValue(PropertyForm form)
    {
        switch (form)
        {
            case PropertyForm.Flag:
                Number = reader.ReadByte();
                if (Number > 1)
                    throw MqttProtocolException.NotAllowed($"Property {Id} is {Number}; only 0 and 1 are allowed.");
                break;
            case PropertyForm.UInt16:
                Number = reader.ReadUInt16();
                break;
            case PropertyForm.UInt32:
                Number = reader.ReadUInt32();
                break;
            case PropertyForm.Variable:
                Number = (uint)reader.ReadVariable();
                break;
            case PropertyForm.Text:
                Bytes = reader.ReadText();
                break;
            case PropertyForm.Binary:
                Bytes = reader.ReadBinary();
                break;
            default:
                Bytes = reader.ReadText();
                Second = reader.ReadText();
                break;
        }

        if (Number == 0 && Id == PropertyId.TopicAlias && form == PropertyForm.UInt16)
            throw new MqttProtocolException(MqttReasonCode.TopicAliasInvalid, "The topic alias is 0.");
        if (Id == PropertyId.ResponseTopic && (Bytes.IsEmpty || Bytes.ContainsAny((byte)'+', (byte)'#')))
            throw MqttProtocolException.NotAllowed("The response topic is empty or has a wildcard.");
        if (Number == 0 && Id is (PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.SubscriptionIdentifier))
            throw MqttProtocolException.NotAllowed($"Property {Id} is 0.");
    }
}

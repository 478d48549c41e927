namespace Mlops.Mqtt.Protocol;

/// <summary>The properties of a message as received, checked, with what its receiver has to know at once; the rest is read when asked for.</summary>
internal readonly ref struct PublishProperties
{
    private const int AliasSize = 3;
    private const int ExpirySize = 5;

    /// <summary>Where the alias and the expiry stand, plus one, so that the default has neither.</summary>
    private readonly int aliasAt, expiryAt;

    private PublishProperties(ReadOnlySpan<byte> section, PacketType place)
    {
        Section = section;
        var properties = new PropertyReader(section, place);
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case PropertyId.TopicAlias:
                    (TopicAlias, aliasAt) = ((ushort)properties.Number, properties.Offset + 1);
                    break;
                case PropertyId.MessageExpiryInterval:
                    (ExpirySeconds, expiryAt) = (properties.Number, properties.Offset + 1);
                    break;
                case PropertyId.PayloadFormatIndicator:
                    IsText = properties.Number == 1;
                    break;
                case PropertyId.SubscriptionIdentifier:
                    HasSubscriptionIds = true;
                    break;
            }
        }
    }

    /// <summary>All properties, encoded.</summary>
    public ReadOnlySpan<byte> Section { get; }

    /// <summary>The alias of the topic, or 0; the codec refuses 0 itself.</summary>
    public ushort TopicAlias { get; }

    public uint? ExpirySeconds { get; }

    /// <summary>Whether the payload is said to be UTF-8.</summary>
    public bool IsText { get; }

    public bool HasSubscriptionIds { get; }

    /// <summary>The length of what travels on: all but the alias, which belongs to one connection, and the expiry, which counts down.</summary>
    public int ForwardedLength => Section.Length - (aliasAt == 0 ? 0 : AliasSize) - (expiryAt == 0 ? 0 : ExpirySize);

    public static PublishProperties Read(ReadOnlySpan<byte> section, PacketType place = PacketType.Publish) =>
        section.IsEmpty ? default : new PublishProperties(section, place);

    public void CopyForwardedTo(Span<byte> target)
    {
        // At most two short pieces are left out; the place of none is behind the end.
        int alias = aliasAt == 0 ? Section.Length : aliasAt - 1, expiry = expiryAt == 0 ? Section.Length : expiryAt - 1;
        var (first, firstSize) = alias < expiry ? (alias, AliasSize) : (expiry, ExpirySize);
        var (second, secondSize) = alias < expiry ? (expiry, ExpirySize) : (alias, AliasSize);
        Section[..first].CopyTo(target);
        if (first == Section.Length)
            return;
        target = target[first..];
        var rest = Section[(first + firstSize)..second];
        rest.CopyTo(target);
        if (second < Section.Length)
            Section[(second + secondSize)..].CopyTo(target[rest.Length..]);
    }
}

using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker;

/// <summary>Those who share one filter: each message goes to one of them (MQTT 5, section 4.8.2).</summary>
/// <remarks>
/// In turn, among those that are connected and have room. When nobody is connected, a message of QoS 1 or 2 waits for one that is away.
/// What waits for a member that disconnects goes to another that is connected. A group ends with its last member; what waits in a queue
/// remembers it all the same.
/// </remarks>
internal sealed class ShareGroup(string filter, Router router)
{
    private readonly Lock gate = new();
    private Subscription[] members = [];
    private int next;

    /// <summary>What they have subscribed to.</summary>
    public string Filter { get; } = filter;

    /// <summary>Whether a message that goes to one of them may have to be kept on the disk.</summary>
    public bool IsJournaled => Array.Exists(Volatile.Read(ref members), member => member.Session!.Journal is not null);

    public void Add(Subscription member)
    {
        lock (gate)
            members = [.. members, member];
    }

    /// <summary>Removes a member; true when it was the last one.</summary>
    public bool Remove(Subscription member)
    {
        lock (gate)
        {
            members = [.. members.Where(other => !ReferenceEquals(other, member))];
            return members.Length == 0;
        }
    }

    /// <summary>Gives a message to one member; false when nobody takes it. The caller keeps its reference.</summary>
    /// <param name="message">The message.</param>
    /// <param name="published">The flags with which it was published.</param>
    /// <param name="except">A member that cannot have it any more, or null.</param>
    public bool Deliver(SharedMessage message, byte published, BrokerSession? except = null)
    {
        if (Successor is { } successor)
            return successor.Deliver(message, published, except);
        var (all, start) = Turn();
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < all.Length; i++)
            {
                var member = all[(start + i) % all.Length];
                var session = member.Session!;
                bool connected = session.Connection is not null;
                if (session == except || connected != (pass == 0))
                    continue;
                if (session.TryDeliver(message, Flags(member, published), member.Ids, this, published))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether somebody other than the session is connected.</summary>
    public bool HasOther(BrokerSession session) =>
        Successor?.HasOther(session)
        ?? Array.Exists(Volatile.Read(ref members), member => member.Session != session && member.Session!.Connection is not null);

    /// <summary>Those who share the filter now, when all have left since and others came; otherwise null.</summary>
    private ShareGroup? Successor =>
        Volatile.Read(ref members).Length == 0 && router.FindGroup(Filter) is { } current && current != this ? current : null;

    private (Subscription[] Members, int Start) Turn()
    {
        lock (gate)
        {
            next = members.Length == 0 ? 0 : (next + 1) % members.Length;
            return (members, next);
        }
    }

    private static byte Flags(Subscription member, byte published) => PublishFlags.Of(
        (MqttQualityOfService)Math.Min((int)PublishFlags.QualityOfService(published), (int)member.Options.MaximumQoS),
        member.Options.RetainAsPublished && (published & PublishFlags.Retain) != 0);
}

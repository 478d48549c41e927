using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Client;

/// <summary>Calls the handlers of a client, one message at a time, over all its connections.</summary>
internal sealed class IncomingDispatcher(SubscriptionTable table, bool manual, MqttClientCounters counters, ILogger logger)
{
    private const long NotAcknowledged = -1;

    /// <summary>Completes when the handlers have finished what the last connection left them with.</summary>
    public Task Idle { get; private set; } = Task.CompletedTask;

    public ValueTask Dispatch(
        in PublishPacket packet,
        TopicEntry entry,
        AcknowledgementSequencer sequencer,
        long receivedTicks,
        bool moreBuffered)
    {
        long sequence = NotAcknowledged;
        if (packet.QualityOfService != MqttQualityOfService.AtMostOnce)
        {
            sequence = sequencer.Enter(packet.PacketId, packet.QualityOfService, out bool repeated);
            if (repeated)
            {
                sequencer.Leave(sequence);
                return sequencer.WaitForRoomAsync();
            }
        }

        counters.CountReceived();
        var message = new MqttIncoming(entry, packet.Payload, packet.Flags, receivedTicks, moreBuffered) { Properties = packet.Properties };
        var groups = table.Match(entry);
        bool byIdentifier = HasIdentifierOf(groups, packet.Properties.Section);
        if (groups.Length == 0)
            counters.CountUnmatched();

        int holder = 0;
        Task? pending = null;
        foreach (var group in groups)
        {
            if (byIdentifier && !HasIdentifier(group.Id, packet.Properties.Section))
                continue;
            foreach (var subscription in group.Subscriptions)
            {
                var acknowledgement = (manual || subscription.IsManual) && sequence != NotAcknowledged
                    ? sequencer.Hold(sequence, Math.Min(holder++, AcknowledgementSequencer.MaxHolders - 1))
                    : default;
                var called = Call(subscription, new MqttIncoming(message, acknowledgement));
                if (!called.IsCompletedSuccessfully)
                    pending = pending is null ? called : Task.WhenAll(pending, called);
            }
        }

        if (pending is not null)
            return new ValueTask(Idle = FinishAsync(pending, sequencer, sequence));
        if (sequence == NotAcknowledged)
            return ValueTask.CompletedTask;
        sequencer.Leave(sequence);
        return sequencer.WaitForRoomAsync();
    }

    private async Task FinishAsync(Task pending, AcknowledgementSequencer sequencer, long sequence)
    {
        if (manual && sequence != NotAcknowledged)
            sequencer.Leave(sequence);
        await pending.ConfigureAwait(false);
        if (sequence == NotAcknowledged)
            return;
        if (!manual)
            sequencer.Leave(sequence);
        await sequencer.WaitForRoomAsync().ConfigureAwait(false);
    }

    private Task Call(MqttSubscription subscription, in MqttIncoming message)
    {
        using var others = DeferredWrites.Suspend();
        try
        {
            var called = subscription.Handler(in message);
            if (!called.IsCompletedSuccessfully)
                return GuardAsync(called, subscription, message.Acknowledgement, message.Topic);
            called.GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            Fail(error, subscription, message.Acknowledgement, message.Topic);
        }

        return Task.CompletedTask;
    }

    private async Task GuardAsync(ValueTask called, MqttSubscription subscription, MqttAcknowledgement acknowledgement, string topic)
    {
        try
        {
            await called.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Fail(error, subscription, acknowledgement, topic);
        }
    }

    private void Fail(Exception error, MqttSubscription subscription, MqttAcknowledgement acknowledgement, string topic)
    {
        counters.CountHandlerFailure();
        Log.HandlerFailed(logger, error, subscription.Filter, topic);
        // Held back for ever, it would hold back all later ones too.
        acknowledgement.Complete();
    }

    /// <summary>
    /// Tells whether the broker names one of the subscriptions: then it sends one copy for each, and each handler gets its own.
    /// Identifiers that no matching filter has come from an older process whose session was resumed.
    /// </summary>
    private static bool HasIdentifierOf(FilterGroup[] groups, ReadOnlySpan<byte> properties)
    {
        if (properties.IsEmpty || groups.Length < 2)
            return false;
        foreach (var group in groups)
        {
            if (HasIdentifier(group.Id, properties))
                return true;
        }

        return false;
    }

    private static bool HasIdentifier(uint id, ReadOnlySpan<byte> section)
    {
        var properties = new PropertyReader(section, PacketType.Publish);
        while (properties.Next())
        {
            if (properties.Id == PropertyId.SubscriptionIdentifier && properties.Number == id)
                return true;
        }

        return false;
    }
}

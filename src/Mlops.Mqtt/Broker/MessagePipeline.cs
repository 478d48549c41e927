using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Broker.Persistence;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker;

/// <summary>The way of a message through the broker: hooks, retained messages, clients, subscribers in this process.</summary>
internal sealed class MessagePipeline(
    Router router, RetainedMessages retained, MqttBrokerCounters counters, ILogger logger, TimeProvider time, BrokerStore? store = null)
{
    private readonly Lock gate = new();
    private MqttPublishHook[] hooks = [];
    private int holders;

    /// <summary>Hands a message on, in the order of the calls. An incomplete task asks the publisher to wait.</summary>
    /// <param name="message">The message as it was published.</param>
    /// <param name="publisher">The session that published it, or null for the host and for a bridge.</param>
    /// <param name="held">Where its acknowledgement waits, or default for QoS 0 and for the host.</param>
    public ValueTask Publish(in MqttIncoming message, BrokerSession? publisher, HeldPublish held)
    {
        var route = router.Find(message.Entry);
        bool isKept = store is not null && IsKept(message, route, publisher, held);
        if (isKept && store!.IsFailing && message.QualityOfService != MqttQualityOfService.AtMostOnce)
            return Refuse(message, publisher, held);
        // What the host publishes itself is no client's.
        if (message.ClientId is not null)
            CallHooks(message, ref held);
        if (isKept)
            DeliverAndNote(message, route, publisher, held.ExactlyOnceId);
        else
            Deliver(message, route, publisher);
        Task? pending = null;
        if (isKept && held.IsReal)
            store!.AfterCommit(new CommitWaiter { Acknowledgement = held.Hold() });
        else if (isKept && publisher is null && message.QualityOfService != MqttQualityOfService.AtMostOnce)
            pending = store!.WhenCommittedAsync();
        // For a subscriber a live message is not a retained one, whatever its publisher wants with it.
        var live = message.WithFlags((byte)(message.Flags & ~PublishFlags.Retain));
        foreach (var local in route.Locals)
        {
            var called = Call(local, local.RetainAsPublished ? message : live, local.ManualAcknowledgement ? held.Hold() : default);
            if (!called.IsCompletedSuccessfully)
                pending = pending is null ? called : Task.WhenAll(pending, called);
        }

        if (pending is not null)
            return new ValueTask(FinishAsync(pending, held));
        held.Leave(route.IsEmpty ? MqttReasonCode.NoMatchingSubscribers : MqttReasonCode.Success);
        return held.WaitForRoomAsync();
    }

    /// <summary>Publishes what the broker says about itself: retained, with QoS 0, beyond all limits, and neither kept on the disk nor missed.</summary>
    public void Announce(TopicEntry topic, ReadOnlySpan<byte> payload)
    {
        var live = new MqttIncoming(topic, payload, 0, Stopwatch.GetTimestamp(), false);
        var shared = SharedMessage.Create(topic.Topic, topic.Utf8, default, payload, PublishFlags.Retain);
        shared.AddReference();
        retained.SetOwn(shared);
        var route = router.Find(topic);
        foreach (var target in route.Sessions)
            target.Session.Offer(shared, target.Others.Flags(shared.Flags), target.Others.SubscriptionIds);
        foreach (var group in route.Groups)
            group.Deliver(shared, shared.Flags);
        foreach (var local in route.Locals)
            _ = Call(local, live, default);
        shared.Release();
    }

    public IDisposable AddHook(MqttPublishHook hook)
    {
        TakeHolder();
        lock (gate)
            hooks = [.. hooks, hook];
        return new Registration(() =>
        {
            lock (gate)
            {
                hooks = [.. hooks.Where(other => other != hook)];
                holders--;
            }
        });
    }

    public IDisposable AddLocal(LocalSubscriber subscriber)
    {
        if (subscriber.ManualAcknowledgement)
            TakeHolder();
        var subscription = new Subscription(
            subscriber.Filter, null, subscriber, new SubscriptionOptions(MqttQualityOfService.ExactlyOnce), 0);
        router.Add(subscription);
        SendRetained(subscriber);
        return new Registration(() =>
        {
            router.Remove(subscription);
            if (!subscriber.ManualAcknowledgement)
                return;
            lock (gate)
                holders--;
        });
    }

    /// <summary>Tells whether a message changes what is kept on the disk.</summary>
    private static bool IsKept(in MqttIncoming message, Route route, BrokerSession? publisher, in HeldPublish held) =>
        message.Retain
        || (message.QualityOfService != MqttQualityOfService.AtMostOnce && route.IsJournaled)
        || (held.ExactlyOnceId != 0 && publisher?.Journal is not null);

    /// <summary>Refuses a message that cannot be kept. A publisher that cannot be told (MQTT 3.1.1) is disconnected, so that it sends it again.</summary>
    private ValueTask Refuse(in MqttIncoming message, BrokerSession? publisher, HeldPublish held)
    {
        counters.Dropped.Count(DropReason.NotStored);
        if (publisher is null)
        {
            return ValueTask.FromException(new MqttException(
                MqttReasonCode.QuotaExceeded, $"The message for '{message.Topic}' was not published: the broker cannot write to its DataFolder at the moment."));
        }

        if (held.IsReal && publisher.Connection is { Version: MqttProtocolVersion.V311 } connection)
            connection.Disconnect(MqttReasonCode.QuotaExceeded);
        else
            held.Leave(MqttReasonCode.QuotaExceeded);
        return ValueTask.CompletedTask;
    }

    private void DeliverAndNote(in MqttIncoming message, Route route, BrokerSession? publisher, ushort exactlyOnceId)
    {
        store!.EnterUnit();
        try
        {
            Deliver(message, route, publisher);
            if (exactlyOnceId != 0)
                publisher?.Journal?.AddReceived(exactlyOnceId);
        }
        finally
        {
            store.LeaveUnit();
        }
    }

    /// <summary>Keeps a message that is to be retained and queues it for the clients.</summary>
    private void Deliver(in MqttIncoming message, Route route, BrokerSession? publisher)
    {
        var shared = message.Retain ? Retain(message) : null;
        foreach (var target in route.Sessions)
        {
            if ((target.Session == publisher ? target.Own : target.Others) is not { } grant)
                continue;
            shared ??= Copy(message);
            target.Session.Deliver(shared, grant.Flags(message.Flags), grant.SubscriptionIds);
        }

        foreach (var group in route.Groups)
        {
            shared ??= Copy(message);
            if (!group.Deliver(shared, message.Flags))
                counters.Dropped.Count(DropReason.NoMember);
        }

        shared?.Release();
    }

    private void SendRetained(LocalSubscriber subscriber)
    {
        foreach (var message in retained.Match(subscriber.Filter))
        {
            byte flags = RetainedMessages.FlagsFor(message, MqttQualityOfService.ExactlyOnce);
            var incoming = new MqttIncoming(
                TopicEntry.Of(message.Topic), message.Payload.Span, flags, Stopwatch.GetTimestamp(), false)
            {
                Properties = PublishProperties.Read(message.Properties),
                ExpiryLeft = MessageClock.Left(time, message.ExpiresAt),
            };
            _ = Call(subscriber, incoming, default);
            message.Release();
        }
    }

    /// <summary>Bounds those that may hold one message back: each is a bit of the acknowledgement.</summary>
    private void TakeHolder()
    {
        lock (gate)
        {
            if (holders >= AcknowledgementSequencer.MaxHolders)
            {
                throw new InvalidOperationException(
                    $"At most {AcknowledgementSequencer.MaxHolders} hooks and subscribers with manual acknowledgement can be registered. Dispose one first.");
            }

            holders++;
        }
    }

    private void CallHooks(in MqttIncoming message, ref HeldPublish held)
    {
        var all = Volatile.Read(ref hooks);
        if (all.Length == 0)
            return;
        using var others = DeferredWrites.Suspend();
        foreach (var hook in all)
        {
            var acknowledgement = held.Hold();
            var decision = MqttPublishDecision.Continue;
            try
            {
                decision = hook(new MqttIncoming(message, acknowledgement));
            }
            catch (Exception error)
            {
                Fail(error, message.Topic);
            }

            if (decision != MqttPublishDecision.Hold)
                acknowledgement.Complete();
        }
    }

    private Task Call(LocalSubscriber subscriber, in MqttIncoming message, MqttAcknowledgement acknowledgement)
    {
        using var others = DeferredWrites.Suspend();
        try
        {
            var called = subscriber.Handler(new MqttIncoming(message, acknowledgement));
            if (!called.IsCompletedSuccessfully)
                return GuardAsync(called, acknowledgement, message.Topic);
            called.GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            Fail(error, message.Topic);
            acknowledgement.Complete();
        }

        return Task.CompletedTask;
    }

    private async Task GuardAsync(ValueTask called, MqttAcknowledgement acknowledgement, string topic)
    {
        try
        {
            await called.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Fail(error, topic);
            acknowledgement.Complete();
        }
    }

    private static async Task FinishAsync(Task pending, HeldPublish held)
    {
        await pending.ConfigureAwait(false);
        held.Leave();
        await held.WaitForRoomAsync().ConfigureAwait(false);
    }

    private void Fail(Exception error, string topic)
    {
        counters.CountHandlerFailure();
        Log.HandlerFailed(logger, error, topic);
    }

    private SharedMessage Retain(in MqttIncoming message)
    {
        var shared = Copy(message);
        shared.AddReference();
        if (!retained.TrySet(shared))
        {
            counters.CountRetainedRefused();
            Log.RetainedRefused(logger, message.Topic);
        }

        return shared;
    }

    private SharedMessage Copy(in MqttIncoming message) => SharedMessage.Create(
        message.Topic,
        message.TopicUtf8,
        message.Properties,
        message.Payload,
        message.Flags,
        MessageClock.ExpiresAt(time, message.ExpirySeconds));

    private sealed class Registration(Action remove) : IDisposable
    {
        private Action? remove = remove;

        public void Dispose() => Interlocked.Exchange(ref remove, null)?.Invoke();
    }
}

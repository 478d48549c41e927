using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Client;

/// <summary>
/// Keeps publish requests with the server and hands its messages on, in order. A message is acknowledged once it was handled: what a crash
/// or a lost connection leaves unacknowledged, the server sends again. While messages are not handled no more are asked for; the server queues.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="subscriptions">The subscriptions that there are now; asked again and again.</param>
/// <param name="handle">Takes the messages, one at a time.</param>
/// <param name="lost">Learns how many messages the server did not hold any more.</param>
/// <param name="time">Measures silence.</param>
internal sealed class PublishLoop(
    UaSession session,
    Func<IReadOnlyDictionary<uint, UaSubscription>> subscriptions,
    Func<UaSubscription, Notification, CancellationToken, ValueTask> handle,
    Action<long> lost,
    TimeProvider time)
{
    private static readonly TimeSpan UntilThereIsOne = TimeSpan.FromMilliseconds(200);

    private readonly Queue<Task<Notification>> _waiting = new();
    private readonly Stack<Notification> _free = new();
    private readonly List<(uint Subscription, uint Sequence)> _handled = [];
    private int _depth = 3;
    private int _most = 20;

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="UaException">The connection is lost, or a subscription has ended.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            if (subscriptions() is not { Count: > 0 } all)
            {
                await Task.Delay(UntilThereIsOne, stop).ConfigureAwait(false);
                continue;
            }

            TimeSpan silence = all.Values.Max(s => s.Silence);
            // A server that has several messages at once, or several subscriptions, needs as many requests to send them without waiting for the next.
            // They are answered one after the other: while nothing changes, each waits for those before it.
            while (_waiting.Count < Math.Min(_depth + all.Count, _most))
                _waiting.Enqueue(session.CallAsync(new PublishRequest(TakeHandled(), Rent), stop, silence * (_waiting.Count + 2)));
            Notification notification;
            try
            {
                notification = await _waiting.Dequeue().WaitAsync(silence, time, stop).ConfigureAwait(false);
            }
            catch (TimeoutException error)
            {
                throw new UaException(StatusCodes.BadTimeout, $"The server has said nothing of its subscriptions for {silence.TotalSeconds:0.#} s.", error);
            }
            catch (UaException error) when (error.Status.Is(StatusCodes.BadTooManyPublishRequests) && _most > 1)
            {
                _most = Math.Max(_waiting.Count, 1);
                continue;
            }
            catch (UaException error) when (error.Status.Is(StatusCodes.BadNoSubscription) && subscriptions().Count == 0)
            {
                // The last one was ended on request.
                continue;
            }

            if (notification.MoreFollow && _depth < _most)
                _depth++;
            await TakeAsync(notification, stop).ConfigureAwait(false);
            lock (_free)
                _free.Push(notification);
        }
    }

    private async ValueTask TakeAsync(Notification notification, CancellationToken stop)
    {
        // One that was deleted a moment ago may have reported.
        if (!subscriptions().TryGetValue(notification.Subscription, out UaSubscription? subscription))
            return;
        if (notification.Ended is { IsGood: false } reason)
            throw new UaException(reason, $"the server has ended the subscription: {reason}.");
        await FetchMissingAsync(subscription, notification, stop).ConfigureAwait(false);
        if (notification.IsKeepAlive)
            return;
        if (!subscription.IsOld(notification))
        {
            subscription.Received(notification.Sequence);
            await handle(subscription, notification, stop).ConfigureAwait(false);
        }

        lock (_handled)
            _handled.Add((notification.Subscription, notification.Sequence));
    }

    private async ValueTask FetchMissingAsync(UaSubscription subscription, Notification notification, CancellationToken stop)
    {
        foreach (uint sequence in subscription.MissingBefore(notification))
        {
            try
            {
                Notification missing = await session.CallAsync(new RepublishRequest(subscription.Id, sequence, Rent), stop).ConfigureAwait(false);
                subscription.Received(sequence);
                await handle(subscription, missing, stop).ConfigureAwait(false);
                lock (_handled)
                    _handled.Add((subscription.Id, sequence));
                lock (_free)
                    _free.Push(missing);
            }
            catch (UaException error) when (error.Status.Is(StatusCodes.BadMessageNotAvailable))
            {
                lost(1);
            }
        }
    }

    private List<(uint Subscription, uint Sequence)> TakeHandled()
    {
        lock (_handled)
        {
            List<(uint, uint)> taken = [.. _handled];
            _handled.Clear();
            return taken;
        }
    }

    // Called by the receiving task while it reads a message.
    private Notification Rent()
    {
        lock (_free)
            return _free.TryPop(out Notification? free) ? free : new Notification();
    }
}

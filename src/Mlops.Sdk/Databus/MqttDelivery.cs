using Microsoft.Extensions.Logging;
using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>Hands messages from MQTT to handlers of the bus, with their acknowledgements, until it drains.</summary>
internal sealed class MqttDelivery(ILogger logger)
{
    // A commit takes milliseconds; values that wait for their metadata are not waited for, they come again.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);
    private readonly HeldAcknowledgements _held = new();
    private volatile bool _draining;

    /// <summary>
    /// Gets a value indicating whether messages are no longer handed over. One that comes now is not acknowledged either, so its
    /// sender keeps it; its connection is read on, because what we still publish waits for answers on it.
    /// </summary>
    public bool IsDraining => _draining;

    /// <summary>Prepares the acknowledgement of a message for its subscribers.</summary>
    public BusAcknowledgement Hold(in MqttIncoming message, int subscribers) =>
        message.Acknowledgement == default ? default : _held.Hold(message.Acknowledgement, subscribers);

    /// <summary>Calls one handler. What it throws is logged and harms nobody else.</summary>
    public ValueTask DeliverAsync(BusMessageHandler handler, in MqttIncoming message, BusAcknowledgement acknowledgement, bool retained)
    {
        var delivered = new BusMessage
        {
            Topic = message.Topic,
            Payload = message.Payload,
            Retained = retained,
            Arrival = message.ReceivedTicks,
            MoreFollows = message.MoreBuffered,
            Acknowledgement = acknowledgement,
        };
        try
        {
            ValueTask called = handler(delivered);
            return called.IsCompletedSuccessfully ? called : GuardAsync(called, message.Topic, acknowledgement);
        }
        catch (Exception e)
        {
            Fail(message.Topic, acknowledgement, e);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Hands nothing over from now on, and waits until what was handed over is acknowledged.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        try
        {
            await _held.EmptyAsync().WaitAsync(DrainTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            Log.StoppedUnacknowledged(logger, _held.Count);
        }
    }

    private async ValueTask GuardAsync(ValueTask called, string topic, BusAcknowledgement acknowledgement)
    {
        try
        {
            await called.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(topic, acknowledgement, e);
        }
    }

    // Held back for ever, it would hold back everything behind it.
    private void Fail(string topic, BusAcknowledgement acknowledgement, Exception exception)
    {
        Log.HandlerFailed(logger, topic, exception);
        acknowledgement.Complete();
    }
}

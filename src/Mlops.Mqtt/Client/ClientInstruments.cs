using System.Diagnostics.Metrics;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Client;

/// <summary>The instruments of one client.</summary>
internal sealed class ClientInstruments : IDisposable
{
    private readonly Meter meter = new(MqttInstruments.ClientMeterName);
    private readonly KeyValuePair<string, object?>[] name;
    private readonly Histogram<double> duration;
    private readonly Action<TimeSpan> atLeastOnce;
    private readonly Action<TimeSpan> exactlyOnce;

    /// <param name="clientId">The name that the host has given the client, or null.</param>
    /// <param name="counters">What the client has done.</param>
    /// <param name="isConnected">Whether it is connected.</param>
    /// <param name="pending">The messages that are kept, and their bytes.</param>
    public ClientInstruments(string? clientId, MqttClientCounters counters, Func<bool> isConnected, Func<(int Count, long Bytes)> pending)
    {
        name = clientId is null ? [] : [new(MqttInstruments.ClientTag, clientId)];
        Held(MqttInstruments.ClientConnections, "{connection}", "Connections that are open.", () => isConnected() ? 1 : 0);
        Count(MqttInstruments.ClientReconnects, "{connection}", "Connections that were lost and made again.", () => counters.Reconnects);
        Messages(MqttInstruments.ClientReceived, "Messages received.", counters.Received);
        Messages(MqttInstruments.ClientSent, "Messages sent.", counters.Sent);
        meter.CreateObservableCounter(
            MqttInstruments.ClientDropped,
            () => counters.Dropped.All().Select(one => Of(one.Count, MqttInstruments.ReasonTag, one.Reason)),
            "{message}",
            "Publishes given up.");
        Count(MqttInstruments.ClientUnmatched, "{message}", "Messages received for which there was no handler.", () => counters.MessagesUnmatched);
        Count(MqttInstruments.ClientHandlerFailures, "{message}", "Messages whose handler threw.", () => counters.HandlerFailures);
        meter.CreateObservableCounter(
            MqttInstruments.ClientIo,
            () => new[] { Of(counters.Received.Bytes, MqttInstruments.DirectionTag, "receive"), Of(counters.Sent.Bytes, MqttInstruments.DirectionTag, "transmit") },
            "By",
            "Bytes of packets.");
        Held(MqttInstruments.ClientPending, "{message}", "Published messages that are unsent or unacknowledged.", () => pending().Count);
        Held(MqttInstruments.ClientPendingSize, "By", "Bytes of published messages that are unsent or unacknowledged.", () => pending().Bytes);
        duration = meter.CreateHistogram<double>(MqttInstruments.ClientPublishDuration, "s", "Time until the broker has acknowledged a message.");
        atLeastOnce = Recorder(MqttQualityOfService.AtLeastOnce);
        exactlyOnce = Recorder(MqttQualityOfService.ExactlyOnce);
    }

    /// <summary>Gives what records how long an acknowledgement took, or null while nobody listens.</summary>
    public Action<TimeSpan>? WhenAcknowledged(MqttQualityOfService quality) => !duration.Enabled ? null : quality switch
    {
        MqttQualityOfService.AtLeastOnce => atLeastOnce,
        MqttQualityOfService.ExactlyOnce => exactlyOnce,
        _ => null,
    };

    public void Dispose() => meter.Dispose();

    private Action<TimeSpan> Recorder(MqttQualityOfService quality)
    {
        KeyValuePair<string, object?>[] tags = [.. name, new(MqttInstruments.QualityTag, (int)quality)];
        return took => duration.Record(took.TotalSeconds, tags);
    }

    private void Count(string instrument, string unit, string what, Func<long> value) =>
        meter.CreateObservableCounter(instrument, () => new Measurement<long>(value(), name), unit, what);

    private void Held(string instrument, string unit, string what, Func<long> value) =>
        meter.CreateObservableUpDownCounter(instrument, () => new Measurement<long>(value(), name), unit, what);

    private void Messages(string instrument, string what, Traffic traffic) => meter.CreateObservableCounter(
        instrument,
        () => Enumerable.Range(0, 3).Select(qos => Of(traffic.MessagesOf((MqttQualityOfService)qos), MqttInstruments.QualityTag, qos)),
        "{message}",
        what);

    private Measurement<long> Of(long value, string tag, object of) => new(value, [.. name, new(tag, of)]);
}

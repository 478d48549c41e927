using System.Diagnostics.Metrics;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker.Statistics;

/// <summary>The instruments of one broker. All look at what is counted anyway, so that they cost nothing until somebody asks.</summary>
internal sealed class BrokerInstruments : IDisposable
{
    private readonly Meter meter = new(MqttInstruments.BrokerMeterName);
    private readonly Func<int> port;

    /// <param name="counters">What the broker has done.</param>
    /// <param name="measure">Counts what it holds.</param>
    /// <param name="port">The port of its first listener.</param>
    public BrokerInstruments(MqttBrokerCounters counters, Func<BrokerFigures> measure, Func<int> port)
    {
        this.port = port;
        Held(MqttInstruments.BrokerConnections, "{connection}", "Connections that are open.", () => counters.ConnectedClients);
        Count(MqttInstruments.BrokerAccepted, "{connection}", "Network connections accepted.", () => counters.ConnectionsAccepted);
        Reasons(MqttInstruments.BrokerRefused, "{connection}", "Connections refused.", counters.Refused.All);
        Count(MqttInstruments.BrokerAuthenticationFailures, "{connection}", "Connections refused for who they said they were.", () => counters.AuthenticationFailures);
        Count(MqttInstruments.BrokerSlowClients, "{connection}", "Clients disconnected because they took messages too slowly.", () => counters.SlowClientsDisconnected);
        Count(MqttInstruments.BrokerTakenOver, "{connection}", "Connections that lost their session to a newer one.", () => counters.SessionsTakenOver);
        Count(MqttInstruments.BrokerProtocolErrors, "{connection}", "Connections whose bytes broke the protocol.", () => counters.ProtocolErrors);
        Messages(MqttInstruments.BrokerReceived, "Messages received.", counters.Received);
        Messages(MqttInstruments.BrokerSent, "Messages sent.", counters.Sent);
        Reasons(MqttInstruments.BrokerDropped, "{message}", "Messages given up.", counters.Dropped.All);
        Count(MqttInstruments.BrokerDenied, "{action}", "Publishes and subscriptions that no right allows.", () => counters.ActionsDenied);
        Directions(MqttInstruments.BrokerIo, "By", "Bytes of packets.", () => counters.Received.Bytes, () => counters.Sent.Bytes);
        Directions(MqttInstruments.BrokerPackets, "{packet}", "Packets of any kind.", () => counters.Received.Packets, () => counters.Sent.Packets);
        Held(MqttInstruments.BrokerQueued, "{message}", "Messages that wait for sessions.", () => measure().Queued);
        Held(MqttInstruments.BrokerInFlight, "{message}", "Messages sent and not acknowledged.", () => measure().InFlight);
        Held(MqttInstruments.BrokerQueuedSize, "By", "Bytes of messages that wait or are in flight.", () => measure().QueuedBytes);
        Held(MqttInstruments.BrokerSubscriptions, "{subscription}", "Subscriptions of clients.", () => measure().Subscriptions);
        Held(MqttInstruments.BrokerRetained, "{message}", "Retained messages.", () => measure().Retained);
        Held(MqttInstruments.BrokerRetainedSize, "By", "Bytes of retained messages.", () => measure().RetainedBytes);
        meter.CreateObservableUpDownCounter(MqttInstruments.BrokerSessions, () => States(measure()), "{session}", "Sessions.");
        Count(MqttInstruments.BrokerHandlerFailures, "{call}", "Calls of hooks and subscribers that threw.", () => counters.HandlerFailures);
    }

    public void Dispose() => meter.Dispose();

    private void Count(string name, string unit, string what, Func<long> value) =>
        meter.CreateObservableCounter(name, () => Of(value()), unit, what);

    private void Held(string name, string unit, string what, Func<long> value) =>
        meter.CreateObservableUpDownCounter(name, () => Of(value()), unit, what);

    private void Reasons(string name, string unit, string what, Func<IEnumerable<(string Reason, long Count)>> values) => meter.CreateObservableCounter(
        name, () => values().Select(one => Of(one.Count, MqttInstruments.ReasonTag, one.Reason)), unit, what);

    private void Messages(string name, string what, Traffic traffic) => meter.CreateObservableCounter(
        name, () => Enumerable.Range(0, 3).Select(qos => Of(traffic.MessagesOf((MqttQualityOfService)qos), MqttInstruments.QualityTag, qos)), "{message}", what);

    private void Directions(string name, string unit, string what, Func<long> received, Func<long> sent) => meter.CreateObservableCounter(
        name, () => new[] { Of(received(), MqttInstruments.DirectionTag, "receive"), Of(sent(), MqttInstruments.DirectionTag, "transmit") }, unit, what);

    private Measurement<long>[] States(in BrokerFigures now) =>
        [Of(now.Connected, MqttInstruments.StateTag, "connected"), Of(now.Away, MqttInstruments.StateTag, "away")];

    private Measurement<long> Of(long value) => new(value, new KeyValuePair<string, object?>(MqttInstruments.PortTag, port()));

    private Measurement<long> Of(long value, string tag, object of) => new(
        value, new KeyValuePair<string, object?>(MqttInstruments.PortTag, port()), new KeyValuePair<string, object?>(tag, of));
}

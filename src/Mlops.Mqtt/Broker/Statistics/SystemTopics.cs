using System.Globalization;
using System.Text;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Broker.Statistics;

/// <summary>Publishes what the broker does and holds under <c>$SYS/broker/</c>, retained, named as other brokers name it.</summary>
/// <remarks>
/// Only what has changed is published, with QoS 0, so that nothing of it waits for a client that is away. The values take no part in the
/// limits of retained messages and are not kept on the disk.
/// </remarks>
internal sealed class SystemTopics
{
    private const string Root = "$SYS/broker/";

    private readonly BrokerContext context;
    private readonly TimeSpan interval;
    private readonly long startedAt;
    private readonly LoadAverage[] loads;
    private readonly Dictionary<string, (TopicEntry Topic, string Value)> published = new(StringComparer.Ordinal);
    private long lastAt;
    private int maximum;
    private int busy;

    public SystemTopics(BrokerContext context)
    {
        this.context = context;
        interval = context.Options.SystemTopicsInterval;
        startedAt = lastAt = context.Time.GetTimestamp();
        var counters = context.Counters;
        loads =
        [
            new LoadAverage("load/messages/received", () => counters.Received.Packets),
            new LoadAverage("load/messages/sent", () => counters.Sent.Packets),
            new LoadAverage("load/publish/received", () => counters.Received.Messages),
            new LoadAverage("load/publish/sent", () => counters.Sent.Messages),
            new LoadAverage("load/publish/dropped", () => counters.MessagesDropped),
            new LoadAverage("load/bytes/received", () => counters.Received.Bytes),
            new LoadAverage("load/bytes/sent", () => counters.Sent.Bytes),
            new LoadAverage("load/sockets", () => counters.ConnectionsAccepted),
            new LoadAverage("load/connections", () => counters.Connects),
        ];
    }

    /// <summary>Publishes when the interval is over.</summary>
    public void PublishWhenDue()
    {
        if (context.Time.GetElapsedTime(lastAt) >= interval)
            Publish();
    }

    /// <summary>Publishes what has changed, unless another thread does so just now.</summary>
    public void Publish()
    {
        if (Interlocked.Exchange(ref busy, 1) != 0)
            return;
        try
        {
            PutAll();
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    private static string Version { get; } = $"Mlops.Mqtt version {typeof(MqttBroker).Assembly.GetName().Version!.ToString(3)}";

    private void PutAll()
    {
        var since = context.Time.GetElapsedTime(lastAt);
        lastAt = context.Time.GetTimestamp();
        if (since > TimeSpan.Zero)
        {
            foreach (var load in loads)
                load.Update(since);
        }

        Put("version", Version);
        Put("uptime", string.Create(CultureInfo.InvariantCulture, $"{(long)context.Time.GetElapsedTime(startedAt).TotalSeconds} seconds"));
        PutFigures(context.Measure());
        PutCounters(context.Counters);
        foreach (var (topic, rate) in loads.SelectMany(load => load.All()))
            Put(topic, rate.ToString("F2", CultureInfo.InvariantCulture));
    }

    private void PutFigures(in BrokerFigures now)
    {
        maximum = Math.Max(maximum, now.Connected);
        Put("clients/connected", now.Connected);
        Put("clients/disconnected", now.Away);
        Put("clients/total", now.Connected + now.Away);
        Put("clients/maximum", maximum);
        Put("subscriptions/count", now.Subscriptions);
        Put("shared_subscriptions/count", now.SharedSubscriptions);
        Put("retained messages/count", now.Retained);
        Put("store/messages/count", now.Queued + now.InFlight + now.Retained);
        Put("store/messages/bytes", now.QueuedBytes + now.RetainedBytes);
        Put("messages/queued", now.Queued);
        Put("messages/inflight", now.InFlight);
    }

    private void PutCounters(MqttBrokerCounters counters)
    {
        Put("clients/expired", counters.SessionsExpired);
        Put("connections/refused", counters.ConnectionsRefused);
        Put("messages/received", counters.Received.Packets);
        Put("messages/sent", counters.Sent.Packets);
        Put("bytes/received", counters.Received.Bytes);
        Put("bytes/sent", counters.Sent.Bytes);
        Put("publish/messages/received", counters.Received.Messages);
        Put("publish/messages/sent", counters.Sent.Messages);
        Put("publish/messages/dropped", counters.MessagesDropped);
        Put("publish/bytes/received", counters.Received.PayloadBytes);
        Put("publish/bytes/sent", counters.Sent.PayloadBytes);
    }

    private void Put(string name, long value) => Put(name, value.ToString(CultureInfo.InvariantCulture));

    private void Put(string name, string value)
    {
        bool known = published.TryGetValue(name, out var last);
        if (known && last.Value == value)
            return;
        var topic = known ? last.Topic : TopicEntry.Of(Root + name);
        published[name] = (topic, value);
        context.Pipeline.Announce(topic, Encoding.UTF8.GetBytes(value));
    }
}

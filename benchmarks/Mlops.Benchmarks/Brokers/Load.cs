using System.Diagnostics;
using System.Runtime.InteropServices;
using Mlops.Benchmarks.Harness;
using Mlops.Mqtt;

namespace Mlops.Benchmarks.Brokers;

/// <summary>What is done to a broker. Publishers and subscribers are in one process, so that one clock times both.</summary>
internal static class Load
{
    public const int PayloadSize = 1000;
    private const int Window = 256;
    private const int FanOutWindow = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static MqttClient NewClient(int port) => new(new MqttClientOptions { Host = "127.0.0.1", Port = port, ProtocolVersion = MqttProtocolVersion.V311 });

    /// <summary>Keeps a window of messages on their way between each publisher and its subscriber, so that no broker has to drop any.</summary>
    public static async Task<Dictionary<string, double>> WindowAsync(int port, MqttQualityOfService quality, int pairs, TimeSpan time)
    {
        var flows = new List<Flow>();
        for (int i = 0; i < pairs; i++)
            flows.Add(await Flow.OpenAsync(port, $"pair/{i}", quality, subscribers: 1, Window));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(flows.Select(flow => Task.Run(() => flow.PublishAsync(clock, time))));
        double seconds = clock.Elapsed.TotalSeconds;
        long messages = flows.Sum(flow => flow.Received);
        await CloseAsync(flows);
        return new() { ["messages"] = messages, ["throughput"] = messages / seconds };
    }

    /// <summary>Publishes at a rate and times each message from the call to the read that brought it.</summary>
    public static async Task<Dictionary<string, double>> RateAsync(int port, MqttQualityOfService quality, int perSecond, TimeSpan time)
    {
        Flow flow = await Flow.OpenAsync(port, "rate", quality, subscribers: 1, int.MaxValue);
        int count = (int)(perSecond * time.TotalSeconds);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
        {
            while (clock.Elapsed.TotalSeconds * perSecond < i)
                await Task.Delay(1);
            flow.Send();
        }

        await flow.WaitAsync(count, s_patience);
        double[] times = flow.TakeTimes();
        await CloseAsync([flow]);
        return new() { ["messages"] = count, ["p50"] = Spread.Percentile(times, 50), ["p99"] = Spread.Percentile(times, 99) };
    }

    /// <summary>Sends each message of one publisher to many subscribers.</summary>
    public static async Task<Dictionary<string, double>> FanOutAsync(int port, int subscribers, TimeSpan time)
    {
        Flow flow = await Flow.OpenAsync(port, "all", MqttQualityOfService.AtMostOnce, subscribers, FanOutWindow);
        var clock = Stopwatch.StartNew();
        await flow.PublishAsync(clock, time);
        double seconds = clock.Elapsed.TotalSeconds;
        long messages = flow.Received;
        await CloseAsync([flow]);
        return new() { ["messages"] = messages, ["throughput"] = messages / seconds };
    }

    private static async Task CloseAsync(IEnumerable<Flow> flows)
    {
        foreach (Flow flow in flows)
            await flow.DisposeAsync();
    }

    /// <summary>A publisher, its topic and its subscribers.</summary>
    private sealed class Flow : IAsyncDisposable
    {
        private readonly MqttClient _publisher;
        private readonly List<MqttClient> _subscribers = [];
        private readonly string _topic;
        private readonly MqttQualityOfService _quality;
        private readonly SemaphoreSlim _room;
        private readonly byte[] _payload = new byte[PayloadSize];
        private readonly List<double> _times = [];
        private long _sent;
        private long _received;

        private Flow(int port, string topic, MqttQualityOfService quality, int window)
        {
            _publisher = NewClient(port);
            _topic = topic;
            _quality = quality;
            _room = new SemaphoreSlim(window);
        }

        public long Received => Volatile.Read(ref _received);

        public static async Task<Flow> OpenAsync(int port, string topic, MqttQualityOfService quality, int subscribers, int window)
        {
            var flow = new Flow(port, topic, quality, window);
            await flow._publisher.ConnectAsync();
            for (int i = 0; i < subscribers; i++)
            {
                MqttClient subscriber = NewClient(port);
                await subscriber.ConnectAsync();
                bool isTimed = i == 0;
                await subscriber.SubscribeAsync(topic, quality, (in MqttIncoming message) => flow.Take(message, isTimed, subscribers));
                flow._subscribers.Add(subscriber);
            }

            return flow;
        }

        public void Send()
        {
            long now = Stopwatch.GetTimestamp();
            MemoryMarshal.Write(_payload, in now);
            _sent++;
            ValueTask sending = _publisher.PublishAsync(_topic, _payload, _quality);
            if (!sending.IsCompletedSuccessfully)
                _ = sending.AsTask();
        }

        public async Task PublishAsync(Stopwatch clock, TimeSpan time)
        {
            while (clock.Elapsed < time)
            {
                if (!await _room.WaitAsync(s_patience))
                    throw new TimeoutException($"Of {_sent} messages on '{_topic}' {Received} came, and no more within {s_patience}.");
                Send();
            }

            await WaitAsync(_sent * _subscribers.Count, s_patience);
        }

        public async Task WaitAsync(long count, TimeSpan patience)
        {
            long since = Stopwatch.GetTimestamp();
            while (Received < count)
            {
                if (Stopwatch.GetElapsedTime(since) > patience)
                    throw new TimeoutException($"Of {count} messages on '{_topic}' only {Received} came within {patience}.");
                await Task.Delay(1);
            }
        }

        /// <summary>Returns the milliseconds of each message of the first subscriber, in rising order.</summary>
        public double[] TakeTimes()
        {
            double[] times = [.. _times];
            Array.Sort(times);
            return times;
        }

        public async ValueTask DisposeAsync()
        {
            await _publisher.DisposeAsync();
            foreach (MqttClient subscriber in _subscribers)
                await subscriber.DisposeAsync();
            _room.Dispose();
        }

        private ValueTask Take(in MqttIncoming message, bool isTimed, int subscribers)
        {
            if (isTimed)
                _times.Add(Stopwatch.GetElapsedTime(MemoryMarshal.Read<long>(message.Payload), message.ReceivedTicks).TotalMilliseconds);
            // The window opens when all subscribers have the message.
            if (Interlocked.Increment(ref _received) % subscribers == 0)
                _room.Release();
            return ValueTask.CompletedTask;
        }
    }
}

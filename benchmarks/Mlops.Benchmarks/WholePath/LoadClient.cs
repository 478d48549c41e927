using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Mlops.Benchmarks.Json;
using Mlops.Mqtt;

namespace Mlops.Benchmarks.WholePath;

/// <summary>Publishes records and times the answers, one clock for both. The same for both sides.</summary>
internal sealed class LoadClient : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly MqttClient _client;
    private readonly Random _random = new(13);
    private readonly ConcurrentDictionary<long, long> _sent = new();
    private readonly ConcurrentQueue<double> _times = new();
    private readonly SemaphoreSlim _answered = new(0);
    private long _sequence;

    private LoadClient(int port) => _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ProtocolVersion = MqttProtocolVersion.V311 });

    public static async Task<LoadClient> ConnectAsync(int port, CancellationToken stop)
    {
        var load = new LoadClient(port);
        await load._client.ConnectAsync(stop);
        await load._client.PublishAsync(Topics.Metadata, Encoding.UTF8.GetBytes(Topics.MetadataText), MqttQualityOfService.AtLeastOnce, retain: true, stop);
        await load._client.SubscribeAsync(Topics.Answers, MqttQualityOfService.AtLeastOnce, load.OnAnswer, stop);
        return load;
    }

    /// <summary>Publishes records whose answers nobody waits for.</summary>
    public async Task PublishAsync(int records, CancellationToken stop)
    {
        for (int i = 0; i < records; i++)
            await _client.PublishAsync(Topics.Records, NextMessage(), MqttQualityOfService.AtLeastOnce, cancellationToken: stop);
    }

    /// <summary>Publishes at a rate. When it falls behind it catches up at once; each time counts from the moment of sending.</summary>
    /// <returns>Milliseconds from the publish call to the answer's bytes read from the socket, in rising order.</returns>
    public async Task<(double[] Times, double Seconds)> AtRateAsync(int perSecond, int records, CancellationToken stop)
    {
        Begin();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < records; i++)
        {
            while (clock.Elapsed.TotalSeconds * perSecond < i)
                await Task.Delay(1, stop);
            Send();
        }

        await WaitAsync(records, stop);
        return End(clock);
    }

    /// <summary>Keeps so many records under way, for a time.</summary>
    public async Task<(double[] Times, double Seconds)> InFlightAsync(int inFlight, TimeSpan time, CancellationToken stop)
    {
        Begin();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < inFlight; i++)
            Send();
        int underWay = inFlight;
        while (clock.Elapsed < time)
        {
            await WaitAsync(1, stop);
            Send();
        }

        (double[] times, double seconds) = End(clock);
        await WaitAsync(underWay, stop);
        return (times, seconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _answered.Dispose();
    }

    private byte[] NextMessage()
    {
        var values = new double[BulkMessageText.Values];
        for (int i = 0; i < values.Length; i++)
            values[i] = _random.NextDouble() * 100;
        return BulkMessageText.Write(++_sequence, values);
    }

    private void Begin()
    {
        _times.Clear();
        _sent.Clear();
        while (_answered.Wait(0, CancellationToken.None))
        {
        }
    }

    private (double[] Times, double Seconds) End(Stopwatch clock)
    {
        double seconds = clock.Elapsed.TotalSeconds;
        double[] times = [.. _times];
        Array.Sort(times);
        return (times, seconds);
    }

    private void Send()
    {
        byte[] message = NextMessage();
        _sent[_sequence] = Stopwatch.GetTimestamp();
        ValueTask sending = _client.PublishAsync(Topics.Records, message, MqttQualityOfService.AtLeastOnce);
        if (!sending.IsCompletedSuccessfully)
            _ = sending.AsTask();
    }

    private async Task WaitAsync(int answers, CancellationToken stop)
    {
        for (int i = 0; i < answers; i++)
        {
            if (!await _answered.WaitAsync(s_patience, stop))
                throw new TimeoutException($"No answer came within {s_patience}; {_sent.Count} records wait for theirs.");
        }
    }

    private ValueTask OnAnswer(in MqttIncoming message)
    {
        long sequence = SourceOf(message.Payload);
        if (_sent.TryRemove(sequence, out long sent))
        {
            _times.Enqueue(Stopwatch.GetElapsedTime(sent, message.ReceivedTicks).TotalMilliseconds);
            _answered.Release();
        }

        return ValueTask.CompletedTask;
    }

    private static long SourceOf(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        bool inSource = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.ValueTextEquals("source"u8))
            {
                inSource = true;
            }
            else if (inSource && reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                return reader.GetInt64();
            }
        }

        return -1;
    }
}

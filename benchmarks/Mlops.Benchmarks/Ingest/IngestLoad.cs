using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mlops.Benchmarks.WholePath;
using Mlops.Mqtt;

namespace Mlops.Benchmarks.Ingest;

/// <summary>
/// The child process that publishes: so many messages under way at once, each until it is known to be on the disk. A node says so by its
/// PUBACK; a service behind another broker publishes how many rows it has committed.
/// </summary>
internal sealed class IngestLoad : IAsyncDisposable
{
    private const string Committed = "bench/committed";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly LoadMessages _messages = new();
    private readonly MqttClient _client;
    private readonly bool _byNotice;
    private readonly SemaphoreSlim _noticed = new(0);
    private long _sent;
    private long _committed;

    private IngestLoad(int port, bool byNotice)
    {
        _byNotice = byNotice;
        _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ProtocolVersion = MqttProtocolVersion.V311, MaxPendingPublishes = 16_384 });
    }

    /// <summary>Says "ready", and answers each line "WINDOW SECONDS" with what was committed in that time.</summary>
    public static async Task RunAsync(int port, bool byNotice)
    {
        await using var load = new IngestLoad(port, byNotice);
        await load._client.ConnectAsync();
        await load._client.PublishAsync(Topics.Metadata, Encoding.UTF8.GetBytes(Topics.MetadataText), MqttQualityOfService.AtLeastOnce, retain: true);
        if (byNotice)
            await load._client.SubscribeAsync(Committed, MqttQualityOfService.AtMostOnce, load.OnNotice);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            Console.WriteLine(JsonSerializer.Serialize(await load.RoundAsync(int.Parse(words[0], CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(words[1], CultureInfo.InvariantCulture)))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _noticed.Dispose();
    }

    private async Task<Dictionary<string, double>> RoundAsync(int window, TimeSpan time)
    {
        // PUBACKs come in the order of the messages, so the oldest of the window is waited for; its buffer is free then.
        byte[][] buffers = [.. Enumerable.Range(0, window).Select(_ => new byte[_messages.MaxSize])];
        var underWay = new ValueTask[window];
        long first = _sent;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            int slot = (int)((_sent - first) % window);
            await underWay[slot];
            while (_byNotice && _sent - Volatile.Read(ref _committed) >= window)
                await NoticeAsync();
            int size = _messages.Write(_sent++, buffers[slot]);
#pragma warning disable CA2012 // Each is awaited once: before its place in the window is used again, or at the end.
            underWay[slot] = _client.PublishAsync(Topics.Records, buffers[slot].AsMemory(0, size), MqttQualityOfService.AtLeastOnce);
#pragma warning restore CA2012
        }

        foreach (ValueTask task in underWay)
            await task;
        while (_byNotice && Volatile.Read(ref _committed) < _sent)
            await NoticeAsync();
        return new() { ["messages"] = _sent - first, ["seconds"] = clock.Elapsed.TotalSeconds };
    }

    private async Task NoticeAsync()
    {
        if (!await _noticed.WaitAsync(s_patience))
            throw new TimeoutException($"Of {_sent} messages {_committed} were committed, and no more within {s_patience}.");
    }

    private ValueTask OnNotice(in MqttIncoming message)
    {
        if (Utf8Parser.TryParse(message.Payload, out long total, out _))
            Volatile.Write(ref _committed, total);
        _noticed.Release();
        return ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Mlops.Mqtt;

namespace Mlops.Scenarios.Tests;

/// <summary>An asset that remembers which of its records the broker has acknowledged. It lives over several runs of a host.</summary>
internal sealed class CountingPublisher
{
    public const string Feed = "press1.plc.cycle";
    private const string Topic = "ie/d/j/simatic/v1/press1/dp/r/plc/cycle";
    private const string Metadata = """
        {"hashVersion":1,"connections":[{"name":"plc","type":"S7","dataPoints":[{"name":"cycle","topic":"ie/d/j/simatic/v1/press1/dp/r/plc/cycle","publishType":"bulk","dataPointDefinitions":[{"name":"force","id":"1","dataType":"LReal"},{"name":"number","id":"2","dataType":"LInt"}]}]}]}
        """;

    private readonly ConcurrentDictionary<long, bool> _acknowledged = new();
    private long _sequence;

    public ICollection<long> Acknowledged => _acknowledged.Keys;

    public long Sent => Interlocked.Read(ref _sequence);

    /// <summary>Publishes until stopped or until the broker is gone.</summary>
    public async Task RunAsync(int port, CancellationToken stop)
    {
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "counting-" + Guid.NewGuid().ToString("N") });
        var underWay = new List<Task>();
        try
        {
            await client.ConnectAsync(stop);
            await client.PublishAsync("ie/m/j/simatic/v1/press1/dp", Encoding.UTF8.GetBytes(Metadata), MqttQualityOfService.AtLeastOnce, retain: true, stop);
            while (!stop.IsCancellationRequested)
            {
                long sequence = Interlocked.Increment(ref _sequence);
                underWay.Add(PublishAsync(client, sequence, stop));
                if (underWay.Count >= 20)
                {
                    await Task.WhenAll(underWay).WaitAsync(stop);
                    underWay.Clear();
                }
            }
        }
        catch (Exception e) when (e is MqttException or OperationCanceledException or IOException)
        {
            // The broker was killed, or the test is over: what was acknowledged until then counts.
        }
    }

    private async Task PublishAsync(MqttClient client, long sequence, CancellationToken stop)
    {
        // One instant per record, the same after every restart: it is part of what recognises a repeated record.
        string time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMilliseconds(sequence).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string payload = string.Create(CultureInfo.InvariantCulture, $$"""{"seq":{{sequence}},"mdHashVer":1,"vals":[{"id":"1","val":{{sequence * 0.5}},"ts":"{{time}}","qc":3},{"id":"2","val":"{{sequence}}","ts":"{{time}}","qc":3}]}""");
        await client.PublishAsync(Topic, Encoding.UTF8.GetBytes(payload), MqttQualityOfService.AtLeastOnce, retain: false, stop);
        _acknowledged[sequence] = true;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mlops.Mqtt;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>
/// An asset that numbers its records, counts which of them the broker has acknowledged, and sends those again that it has not, in their
/// order and as they were: what QoS 1 asks of a publisher. It lives over several runs of a node. Its metadata changes when it is told to.
/// </summary>
/// <param name="app">The app.</param>
/// <param name="collections">Its collections; each gets every record.</param>
/// <param name="pause">How long it waits after some records, so that a queue outside does not grow without end while the node is away.</param>
internal sealed class ResendingPublisher(string app, string[] collections, TimeSpan pause = default)
{
    private const int MaxUnderWay = 50;
    private readonly SortedDictionary<long, bool> _unacknowledged = [];
    private readonly Lock _lock = new();
    private readonly List<long> _changes = [];
    private long _made;

    /// <summary>Gets how many records were made, numbered from 1, each of them sent once for every collection.</summary>
    public long Made => Interlocked.Read(ref _made);

    /// <summary>Gets how many records were acknowledged.</summary>
    public long Acknowledged
    {
        get
        {
            lock (_lock)
                return _made - _unacknowledged.Count;
        }
    }

    /// <summary>Changes the metadata with the next record.</summary>
    public void Change()
    {
        lock (_lock)
            _changes.Add(_made + 1);
    }

    /// <summary>Publishes until stopped, over one connection after the other. When stopped while the broker is there, what was made is acknowledged.</summary>
    public async Task RunAsync(int port, CancellationToken stop)
    {
        while (!await TryAsync(port, stop) && !stop.IsCancellationRequested)
            await Task.Delay(20, CancellationToken.None);
    }

    private async Task<bool> TryAsync(int port, CancellationToken stop)
    {
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = $"{app}-{Guid.NewGuid():N}" });
        try
        {
            await client.ConnectAsync(CancellationToken.None);
            long[] again;
            lock (_lock)
                again = [.. _unacknowledged.Keys];
            int announced = -1;
            var underWay = new List<Task>();
            foreach (long number in again.Concat(Further(stop)))
            {
                if (VersionOf(number) != announced)
                {
                    await Task.WhenAll(underWay);
                    announced = VersionOf(number);
                    await client.PublishAsync(BusText.MetadataTopic(app), BusText.Metadata(app, collections, Definitions(announced), announced + 1), MqttQualityOfService.AtLeastOnce, retain: true, CancellationToken.None);
                }

                underWay.Add(PublishAsync(client, number));
                if (underWay.Count >= MaxUnderWay)
                {
                    await Task.WhenAll(underWay);
                    underWay.Clear();
                    await Task.Delay(pause, CancellationToken.None);
                }
            }

            await Task.WhenAll(underWay);
            return true;
        }
        catch (Exception e) when (e is MqttException or OperationCanceledException or IOException)
        {
            // The broker was killed: what was acknowledged until then counts, the rest is sent again.
            return false;
        }
    }

    private IEnumerable<long> Further(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            lock (_lock)
                _unacknowledged.Add(++_made, true);
            yield return _made;
        }
    }

    private int VersionOf(long number)
    {
        lock (_lock)
            return _changes.Count(first => first <= number);
    }

    // A data point more with each version, some of an id that was another one's before, and one whose type changes.
    private static string Definitions(int version) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"name":"number","id":"n","dataType":"LInt"},{"name":"text","id":"t","dataType":"String"},
        {"name":"{{(version % 2 == 0 ? "even" : "odd")}}","id":"o","dataType":"Bool"},{"name":"more{{version % 8}}","id":"m","dataType":"{{(version % 3 == 0 ? "Int" : "Real")}}"}
        """);

    private async Task PublishAsync(MqttClient client, long number)
    {
        int version = VersionOf(number);
        byte[] payload = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
            {"seq":{{number}},"mdHashVer":{{version + 1}},"ts":"{{BusText.Time(number)}}","vals":[{"id":"n","val":"{{number}}"},{"id":"t","val":"{{Convert.ToHexString(SHA512.HashData(BitConverter.GetBytes(number)))}}"},{"id":"o","val":true},{"id":"m","val":{{number % 100}}}]}
            """));
        await Task.WhenAll(collections.Select(c => client.PublishAsync(BusText.Topic(app, c), payload, MqttQualityOfService.AtLeastOnce).AsTask()));
        lock (_lock)
            _unacknowledged.Remove(number);
    }
}

using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Interop;

/// <summary>mqtt.js and Eclipse Paho for Python on our broker, over each transport.</summary>
public class BrokerAgainstLineClientsTests
{
    /// <summary>The qualities of service that the broker grants.</summary>
    private static readonly int[] Qualities = [0, 1, 2];

    public static TheoryData<string, string, int> Clients
    {
        get
        {
            var clients = new TheoryData<string, string, int>();
            foreach (string scheme in EveryTransport.Schemes)
            {
                clients.Add("mqtt.js", scheme, 4);
                clients.Add("mqtt.js", scheme, 5);
                clients.Add("paho", scheme, 4);
                clients.Add("paho", scheme, 5);
            }

            return clients;
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Messages_OfEachQualityAndTenMegabytes_ArriveInBothDirections(string make, string scheme, int version)
    {
        await using var broker = await EveryTransport.StartAsync();
        var inbox = new Inbox();
        var ours = await broker.Fixture.ConnectAsync();
        await ours.SubscribeAsync("up/#", MqttQualityOfService.ExactlyOnce, inbox.Take);
        await using var peer = await broker.ConnectAsync(make, scheme, version, "peer");
        foreach (int quality in Qualities)
        {
            await peer.SubscribeAsync($"down/{quality}", quality);
            await peer.PublishAsync($"up/{quality}", quality, retain: false, 100, quality);
            await ours.PublishAsync($"down/{quality}", LineClient.Payload(100, quality), (MqttQualityOfService)quality);
        }

        // Far over what one read and one record of TLS hold, there and back. Paho copies the rest of a frame at each write to a
        // WebSocket, so that ten megabytes would take it minutes.
        byte[] large = LineClient.Payload((make, scheme) is ("paho", "ws" or "wss") ? 1_000_000 : 10_000_000, 3);
        foreach (int quality in Qualities)
        {
            await peer.SubscribeAsync($"large/{quality}", quality);
            await peer.PublishAsync($"large/{quality}", quality, retain: false, large.Length, 3);
            await Eventually.True(() => peer.Messages.Length == Qualities.Length + quality + 1);
        }

        await Eventually.True(() => inbox.Count == Qualities.Length);
        peer.Messages.ShouldBe(
            [
                .. Qualities.Select(quality => LineClient.Seen($"down/{quality}", quality, false, LineClient.Payload(100, quality))),
                .. Qualities.Select(quality => LineClient.Seen($"large/{quality}", quality, false, large)),
            ]);
        inbox.Messages.Select(message => message.Topic).ShouldBe(Qualities.Select(quality => $"up/{quality}"));
        await peer.LeaveAsync();
        broker.Fixture.Log.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task RetainedWillAndSession_ClientGoesAndComes_AreKept(string make, string scheme, int version)
    {
        await using var broker = await EveryTransport.StartAsync();
        var inbox = new Inbox();
        using var wills = broker.Fixture.Broker.Subscribe("will/#", inbox.Take);
        await using (var first = await broker.ConnectAsync(make, scheme, version, "peer", keep: true, will: "will/peer"))
        {
            await first.SubscribeAsync("kept/#", 1);
            await first.PublishAsync("status", 1, retain: true, 20, 5);
            inbox.Messages.ShouldBeEmpty();
        }

        // It was killed: its will is published, and its session remains.
        await Eventually.True(() => inbox.Count == 1);
        inbox.Messages[0].Topic.ShouldBe("will/peer");
        byte[][] sent = [.. Enumerable.Range(0, 5).Select(i => LineClient.Payload(50, i))];
        foreach (byte[] payload in sent)
            await broker.Fixture.Broker.PublishAsync("kept/x", payload, MqttQualityOfService.AtLeastOnce);

        await using var again = await broker.ConnectAsync(make, scheme, version, "peer", keep: true, resumes: true);
        await Eventually.True(() => again.Messages.Length == sent.Length);
        again.Messages.ShouldBe(sent.Select(payload => LineClient.Seen("kept/x", 1, false, payload)));
        await again.SubscribeAsync("status", 1);
        await Eventually.True(() => again.Messages.Length == sent.Length + 1);
        again.Messages[^1].ShouldBe(LineClient.Seen("status", 1, true, LineClient.Payload(20, 5)));
        await again.LeaveAsync();
    }
}

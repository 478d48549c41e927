using System.Text;
using Mlops.Mqtt.Tests.Peers;
using static Mlops.Mqtt.Tests.Conformance.Wire.Packets;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>What public test suites ask of a client in both versions, byte by byte.</summary>
public class ClientExchangeTests
{
    private static readonly byte[] s_user = UserProperty("a", "1");

    public static TheoryData<int> Versions => [4, 5];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Connect_WithAllThatItCanSay_IsWrittenAsTheSpecificationHasIt(int version)
    {
        using var broker = new Listener();
        await using var client = Client(broker, version, options =>
        {
            (options.ClientId, options.UserName, options.Password, options.KeepAlive) = ("x", "user", "secret", TimeSpan.FromSeconds(258));
            options.Will = new MqttWill { Topic = "gone", Payload = "w"u8.ToArray(), QualityOfService = MqttQualityOfService.ExactlyOnce, Retain = true };
            if (version != 5)
                return;
            options.Will.Delay = TimeSpan.FromSeconds(9);
            (options.SessionExpiry, options.RequestResponseInformation, options.UserProperties) = (TimeSpan.FromSeconds(3600), true, [new("a", "1")]);
        });
        var connecting = client.ConnectAsync();
        var (peer, connect) = await broker.AcceptAsync(version);
        using var opened = peer;
        await connecting;
        byte[] head = [.. Text("MQTT"), (byte)version, 0xC0 | 0x20 | 0x10 | 4 | 2, 1, 2];
        connect[..head.Length].ShouldBe(head);
        byte[][] properties = [Property(17, 3600u), Property(33, (ushort)8192), Property(39, 16u * 1024 * 1024), Property(34, (ushort)64), [25, 1], s_user];
        int at = head.Length;
        if (version == 5)
        {
            int length = connect[at++];
            length.ShouldBe(properties.Sum(one => one.Length));
            string section = Convert.ToHexString(connect.AsSpan(at, length));
            foreach (byte[] one in properties)
                section.ShouldContain(Convert.ToHexString(one));
            at += length;
        }

        byte[] willProperties = version == 5 ? [5, .. Property(24, 9u)] : [];
        connect[at..].ShouldBe([.. Text("x"), .. willProperties, .. Text("gone"), .. Text("w"), .. Text("user"), .. Text("secret")]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Publish_EachQuality_GoesThroughItsExchangeInOrder(int version)
    {
        using var broker = new Listener();
        await using var client = Client(broker, version);
        var connecting = client.ConnectAsync();
        var (peer, _) = await broker.AcceptAsync(version);
        using var opened = peer;
        await connecting;
        Task[] publishing = [.. Enumerable.Range(0, 6).Select(i => client.PublishAsync($"t/{i}", Encoding.UTF8.GetBytes($"{i}"), (MqttQualityOfService)(i % 3), retain: i > 2).AsTask())];
        var got = new List<Peer.Message>();
        for (int i = 0; i < 6; i++)
            got.Add(await peer.ReadMessageAsync());
        got.Select(message => (message.Topic, message.Payload, message.Quality, message.Retain, message.Duplicate))
            .ShouldBe(Enumerable.Range(0, 6).Select(i => ($"t/{i}", $"{i}", i % 3, i > 2, false)));
        int[] ids = [.. got.Where(message => message.Quality > 0).Select(message => message.Id)];
        ids.ShouldAllBe(id => id > 0);
        ids.ShouldBeUnique();
        await peer.SendAsync(Answer(0x50, got[2].Id), Answer(0x50, got[5].Id), Answer(0x40, got[1].Id), Answer(0x40, got[4].Id));
        // PUBREL leaves in the order of PUBREC [4.6.0-4].
        await peer.ExpectAsync(0x62, Number((ushort)got[2].Id));
        await peer.ExpectAsync(0x62, Number((ushort)got[5].Id));
        publishing[2].IsCompleted.ShouldBeFalse();
        await peer.SendAsync(Answer(0x70, got[2].Id), Answer(0x70, got[5].Id));
        await Eventually.Within(Task.WhenAll(publishing));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Receive_EachQualityByteByByte_IsAnsweredInOrder(int version)
    {
        using var broker = new Listener();
        await using var client = Client(broker, version);
        var inbox = new Inbox();
        await client.SubscribeAsync("#", MqttQualityOfService.ExactlyOnce, inbox.Take);
        var connecting = client.ConnectAsync();
        var (peer, _) = await broker.AcceptAsync(version);
        using var opened = peer;
        var (first, body) = await peer.ReadAsync();
        first.ShouldBe((byte)0x82);
        body[^4..].ShouldBe([0, 1, (byte)'#', 2]);
        await peer.SendAsync(Packet(0x90, [body[0], body[1], .. version == 5 ? (byte[])[0, 2] : [2]]));
        await connecting;
        await peer.TrickleAsync([.. Publish(version, "a", "0"), .. Publish(version, "b", "1", 1, 300, retain: true), .. Publish(version, "c", "2", 2, 301), .. Publish(version, "d", "3", 1, 1, duplicate: true)]);
        await peer.ExpectAsync(0x40, 1, 44);
        await peer.ExpectAsync(0x50, 1, 45);
        await peer.ExpectAsync(0x40, 0, 1);
        await peer.SendAsync(Answer(0x62, 301));
        await peer.ExpectAsync(0x70, 1, 45);
        inbox.Messages.Select(message => (message.Topic, message.Text, message.Retain, message.Duplicate))
            .ShouldBe([("a", "0", false, false), ("b", "1", true, false), ("c", "2", false, false), ("d", "3", false, true)]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Reconnect_SessionIsThere_WhatIsUnansweredComesFirstAndMarked(int version)
    {
        using var broker = new Listener();
        await using var client = Client(broker, version, options => (options.CleanStart, options.ClientId, options.SessionExpiry) = (false, "x", version == 5 ? TimeSpan.FromHours(1) : default));
        var starting = client.StartAsync();
        Task[] publishing;
        var got = new List<Peer.Message>();
        var (first, _) = await broker.AcceptAsync(version);
        using (first)
        {
            await starting;
            publishing = [.. Enumerable.Range(0, 4).Select(i => client.PublishAsync($"t/{i}", default, (MqttQualityOfService)(1 + (i % 2))).AsTask())];
            for (int i = 0; i < 4; i++)
                got.Add(await first.ReadMessageAsync());
            await first.SendAsync(Answer(0x50, got[1].Id));
            await first.ExpectAsync(0x62, Number((ushort)got[1].Id));
        }

        var (second, connect) = await broker.AcceptAsync(version, present: true);
        using var opened = second;
        (connect[7] & 2).ShouldBe(0, "a clean start would forget what is in flight");
        (await second.ReadMessageAsync()).ShouldSatisfyAllConditions(message => message.Id.ShouldBe(got[0].Id), message => message.Duplicate.ShouldBeTrue());
        await second.ExpectAsync(0x62, Number((ushort)got[1].Id));
        for (int i = 2; i < 4; i++)
            (await second.ReadMessageAsync()).ShouldSatisfyAllConditions(message => message.Id.ShouldBe(got[i].Id), message => message.Duplicate.ShouldBeTrue());
        await second.SendAsync(Answer(0x40, got[0].Id), Answer(0x70, got[1].Id), Answer(0x40, got[2].Id), Answer(0x50, got[3].Id));
        await second.ExpectAsync(0x62, Number((ushort)got[3].Id));
        await second.SendAsync(Answer(0x70, got[3].Id));
        await Eventually.Within(Task.WhenAll(publishing));
    }

    [Theory]
    [InlineData(4, 1, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData(4, 2, MqttReasonCode.ClientIdentifierNotValid)]
    [InlineData(4, 3, MqttReasonCode.ServerUnavailable)]
    [InlineData(4, 4, MqttReasonCode.BadUserNameOrPassword)]
    [InlineData(4, 5, MqttReasonCode.NotAuthorized)]
    [InlineData(5, 0x84, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData(5, 0x87, MqttReasonCode.NotAuthorized)]
    [InlineData(5, 0x8A, MqttReasonCode.Banned)]
    [InlineData(5, 0x9F, MqttReasonCode.ConnectionRateExceeded)]
    public async Task Connect_Refused_SaysWhyAndCloses(int version, byte code, MqttReasonCode reason)
    {
        using var broker = new Listener();
        await using var client = Client(broker, version);
        var connecting = client.ConnectAsync();
        using var peer = await broker.AnswerAsync(version, Packet(0x20, version == 5 ? [0, code, 0] : [0, code]));
        (await Should.ThrowAsync<MqttException>(Eventually.Within(connecting))).ReasonCode.ShouldBe(reason);
        await peer.ExpectClosedAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Disconnect_Asked_IsTheLastWordBeforeTheEnd(int version)
    {
        using var broker = new Listener();
        await using var client = Client(broker, version);
        var connecting = client.ConnectAsync();
        var (peer, _) = await broker.AcceptAsync(version);
        using var opened = peer;
        await connecting;
        var last = client.PublishAsync("last", default).AsTask();
        var leaving = client.DisconnectAsync();
        (await peer.ReadMessageAsync()).Topic.ShouldBe("last");
        await peer.ExpectAsync(0xE0);
        await peer.ExpectClosedAsync();
        await Eventually.Within(Task.WhenAll(last, leaving));
    }

    [Fact]
    public async Task Reconnect_NameWasAssigned_IsUsedAgain()
    {
        using var broker = new Listener();
        await using var client = Client(broker, 5, options => (options.ClientId, options.CleanStart, options.SessionExpiry) = ("", false, TimeSpan.FromHours(1)));
        var starting = client.StartAsync();
        var (first, connect) = await broker.AcceptAsync(5, properties: Property(18, "named by the broker"));
        await starting;
        connect[^2..].ShouldBe([0, 0]);
        first.Dispose();
        var (second, again) = await broker.AcceptAsync(5, present: true);
        using var opened = second;
        byte[] name = Text("named by the broker");
        again[^name.Length..].ShouldBe(name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Aliases_TowardsTheBroker_StayWithinItsMaximumAndNameTheRightTopic(int maximum)
    {
        using var broker = new Listener();
        await using var client = Client(broker, 5);
        var connecting = client.ConnectAsync();
        var (peer, _) = await broker.AcceptAsync(5, properties: maximum == 0 ? null : Property(34, (ushort)maximum));
        using var opened = peer;
        await connecting;
        string?[] names = new string?[maximum + 1];
        for (int i = 0; i < 40; i++)
        {
            string topic = $"plant/line/{i * 7 % 5}";
            await client.PublishAsync(topic, default);
            var message = await peer.ReadMessageAsync();
            if (message.Properties is [35, var high, var low])
            {
                int alias = (high << 8) | low;
                alias.ShouldBeInRange(1, maximum);
                if (message.Topic.Length > 0)
                    names[alias] = message.Topic;
                names[alias].ShouldBe(topic);
            }
            else
            {
                message.Topic.ShouldBe(topic);
            }
        }
    }

    [Theory]
    [InlineData(4, "02")]
    [InlineData(4, "80")]
    [InlineData(5, "00 87")]
    [InlineData(5, "00 9E")]
    public async Task Subscribe_GrantedOrRefused_IsTold(int version, string answer)
    {
        using var broker = new Listener();
        await using var client = Client(broker, version);
        var connecting = client.ConnectAsync();
        var (peer, _) = await broker.AcceptAsync(version);
        using var opened = peer;
        await connecting;
        var subscribing = client.SubscribeAsync("a", MqttQualityOfService.ExactlyOnce, new Inbox().Take);
        var (_, body) = await peer.ReadAsync();
        byte[] reason = Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal));
        await peer.SendAsync(Packet(0x90, [body[0], body[1], .. reason]));
        if (reason[^1] < 0x80)
            (await Eventually.Within(subscribing)).GrantedQualityOfService.ShouldBe(MqttQualityOfService.ExactlyOnce);
        else
            (await Should.ThrowAsync<MqttException>(Eventually.Within(subscribing))).ReasonCode.ShouldBe((MqttReasonCode)reason[^1]);
    }

    private static MqttClient Client(Listener broker, int version, Action<MqttClientOptions>? configure = null)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = broker.Port,
            ProtocolVersion = version == 5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311,
            ReconnectDelay = TimeSpan.FromMilliseconds(20),
        };
        configure?.Invoke(options);
        return new MqttClient(options);
    }
}

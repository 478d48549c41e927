using System.Net;
using System.Net.Sockets;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class ListenerTests
{
    [Fact]
    public async Task Start_SeveralListeners_EachServesByItsOwnSettings()
    {
        using var certificates = new Certificates();
        await using var fixture = await BrokerFixture.StartAsync(options =>
        {
            options.Users["press"] = MqttPassword.Hash("blue-42");
            options.Listeners.Add(new MqttListenerOptions { Port = 0 });
            options.Listeners.Add(new MqttListenerOptions { Port = 0, Tls = certificates.Server(), Anonymous = MqttAnonymousAccess.Nobody });
            options.Listeners.Add(new MqttListenerOptions { Port = 0, WebSocket = new MqttWebSocketListenerOptions { Path = "/bus" } });
            options.Listeners.Add(new MqttListenerOptions { Port = 0, Address = IPAddress.IPv6Loopback });
        });
        int[] ports = [.. fixture.Broker.EndPoints.Select(point => point.Port)];
        ports.Distinct().Count().ShouldBe(4);
        fixture.Broker.Port.ShouldBe(ports[0]);

        var inbox = new Inbox();
        var plain = await fixture.ConnectAsync();
        await plain.SubscribeAsync("#", MqttQualityOfService.AtLeastOnce, inbox.Take);
        Action<MqttClientOptions> secure = options => (options.Port, options.Tls) = (ports[1], new MqttClientTlsOptions { AuthorityFile = certificates.AuthorityFile });
        (await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(configure: secure))).ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
        var known = await fixture.ConnectAsync(configure: secure + (options => (options.UserName, options.Password) = ("press", "blue-42")));
        var web = await fixture.ConnectAsync(configure: options => (options.Port, options.WebSocket) = (ports[2], new MqttClientWebSocketOptions { Path = "/bus" }));
        var six = await fixture.ConnectAsync(configure: options => (options.Host, options.Port) = ("::1", ports[3]));
        foreach (var (client, topic) in new[] { (known, "known"), (web, "web"), (six, "six") })
            await client.PublishAsync(topic, default, MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => inbox.Count == 3);
        inbox.Messages.Select(message => message.Topic).ShouldBe(["known", "web", "six"]);
    }

    [Fact]
    public async Task Start_AnyAddressOfVersionSix_ServesBothVersionsAndKnowsItsOwnMachine()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.Listeners.Add(new MqttListenerOptions { Address = IPAddress.IPv6Any, Port = 0 }));
        await fixture.ConnectAsync(configure: options => options.Host = "127.0.0.1");
        await fixture.ConnectAsync(configure: options => options.Host = "::1");
        using var peer = await RawPeer.ConnectAsync(fixture.Port);
        await peer.SendAsync(1, 1, 1);
        await Eventually.True(() => fixture.Log.Warnings.Length == 1);
        fixture.Log.Warnings[0].ShouldContain(" 127.0.0.1:");
    }

    [Fact]
    public async Task Start_SecondAddressTaken_FailsAndLeavesTheFirstFree()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int free = Mosquitto.FreePort();
        var options = new MqttBrokerOptions();
        options.Listeners.Add(new MqttListenerOptions { Port = free });
        options.Listeners.Add(new MqttListenerOptions { Port = ((IPEndPoint)taken.LocalEndpoint).Port });
        await using var broker = new MqttBroker(options);
        (await Should.ThrowAsync<IOException>(broker.StartAsync())).Message.ShouldContain($"{taken.LocalEndpoint}: the port is in use");
        broker.EndPoints.ShouldBeEmpty();
        using var probe = new TcpListener(IPAddress.Loopback, free);
        probe.Start();
    }

    [Fact]
    public void Create_SettingsThatCannotBe_AreListedAllAtOnce()
    {
        var options = new MqttBrokerOptions { MaxConnectsPerSecond = 0 };
        options.Listeners.Add(new MqttListenerOptions { Port = 99_999 });
        options.Listeners.Add(new MqttListenerOptions { Tls = new MqttListenerTlsOptions { CertificateFile = "", CertificateIsUser = true } });
        options.Listeners.Add(new MqttListenerOptions { WebSocket = new MqttWebSocketListenerOptions { Path = "mqtt" } });
        options.Rules.Add(new MqttAccessRule { Topic = "a/#/b" });
        string message = Should.Throw<ArgumentException>(() => new MqttBroker(options)).Message;
        foreach (string part in new[] { "MaxConnectsPerSecond", "Listeners[0].Port is '99999'", "Listeners[1].Tls.CertificateFile", "Listeners[1].Tls.CertificateIsUser", "Listeners[2].WebSocket.Path", "Rules.Topic is 'a/#/b'" })
            message.ShouldContain(part);
    }

    [Fact]
    public void Create_ClientSettingsThatCannotBe_AreListedAllAtOnce()
    {
        var options = new MqttClientOptions
        {
            Tls = new MqttClientTlsOptions { AcceptAnyCertificate = true, AuthorityFile = "a", KeyFile = "b" },
            WebSocket = new MqttClientWebSocketOptions { Path = "mqtt", Headers = { ["X-Token"] = "a\r\nHost: b" } },
        };
        string message = Should.Throw<ArgumentException>(() => new MqttClient(options)).Message;
        foreach (string part in new[] { "Tls.AcceptAnyCertificate", "Tls.CertificateFile", "WebSocket.Path", "X-Token" })
            message.ShouldContain(part);
    }
}

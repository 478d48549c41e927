using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Mlops.Databus;
using Mlops.Messaging;
using Mlops.Mqtt;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class MqttSettingsTests : IDisposable
{
    private readonly string _folder = BrokerNode.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Connect_ListenerWithTlsUsersAndRules_LetsKnownClientsDoWhatTheyMay()
    {
        (string certificate, string key) = SelfSigned();
        int port = FreePort();
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, [
            "Mqtt:Listeners:0:Port=" + port.ToString(CultureInfo.InvariantCulture),
            "Mqtt:Listeners:0:Tls:CertificateFile=" + certificate,
            "Mqtt:Listeners:0:Tls:KeyFile=" + key,
            "Mqtt:Listeners:0:Anonymous=Nobody",
            "Mqtt:Users:aoi1=" + MqttPassword.Hash("blue-42"),
            "Mqtt:Rules:0:Topic=of/%u/#",
            "Mqtt:Rules:0:Rights=Write"]);
        MqttClientOptions Options(string? user) => new()
        {
            Host = "localhost",
            Port = port,
            Tls = new MqttClientTlsOptions { AuthorityFile = certificate },
            UserName = user,
            Password = user is null ? null : "blue-42",
        };

        await using var stranger = new MqttClient(Options(null));
        (await Should.ThrowAsync<MqttException>(stranger.ConnectAsync())).ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
        await using var known = new MqttClient(Options("aoi1"));
        await known.ConnectAsync();
        await known.PublishAsync("of/aoi1/x", default, MqttQualityOfService.AtLeastOnce);
        (await Should.ThrowAsync<MqttException>(known.PublishAsync("of/aoi2/x", default, MqttQualityOfService.AtLeastOnce).AsTask()))
            .ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_OutsideBrokerWithTls_CarriesMessages(bool webSocket)
    {
        (string certificate, string key) = SelfSigned();
        var options = new MqttBrokerOptions();
        options.Listeners.Add(new MqttListenerOptions
        {
            Port = 0,
            Tls = new MqttListenerTlsOptions { CertificateFile = certificate, KeyFile = key },
            WebSocket = webSocket ? new MqttWebSocketListenerOptions { Path = "/bus" } : null,
        });
        await using var broker = new MqttBroker(options);
        await broker.StartAsync();
        string[] settings = ["Mqtt:Host=localhost", "Mqtt:Port=" + broker.Port.ToString(CultureInfo.InvariantCulture), "Mqtt:Tls:AuthorityFile=" + certificate];
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, webSocket ? [.. settings, "Mqtt:WebSocket:Path=/bus"] : settings);
        await IngestNode.UntilAsync(() => node.Get<IMessageBus>().State == BusState.Connected, "the bus is not connected");
        await broker.PublishAsync(MetadataTopic, System.Text.Encoding.UTF8.GetBytes(Metadata()), MqttQualityOfService.AtLeastOnce, retain: true);
        await broker.PublishAsync(Topic, System.Text.Encoding.UTF8.GetBytes(Bulk(1, 0.5)), MqttQualityOfService.AtLeastOnce);
        await node.UntilRecordsAsync(Feed, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bridges_PlantIsAwayWhileTheNodePublishesAndRestarts_PassesBothWays(bool outside)
    {
        int plantPort = FreePort();
        await using Mosquitto? local = outside ? await Mosquitto.StartAsync() : null;
        string[] settings = [
            "Mqtt:Bridges:0:Host=127.0.0.1",
            "Mqtt:Bridges:0:Port=" + plantPort.ToString(CultureInfo.InvariantCulture),
            "Mqtt:Bridges:0:Topics:0:Filter=values/#",
            "Mqtt:Bridges:0:Topics:0:RemotePrefix=line4/",
            "Mqtt:Bridges:0:Topics:1:Filter=commands/#",
            "Mqtt:Bridges:0:Topics:1:Direction=In",
            .. local is null ? Array.Empty<string>() : ["Mqtt:Host=127.0.0.1", "Mqtt:Port=" + local.Port.ToString(CultureInfo.InvariantCulture)]];
        await using (BrokerNode first = await BrokerNode.StartAsync(_folder, settings))
        {
            await IngestNode.UntilAsync(() => first.Get<IMessageBus>().State == BusState.Connected, "the bus is not connected");
            await first.Get<IMessageBus>().PublishAsync("values/t", "21"u8.ToArray());
        }

        var arrived = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var plant = new MqttBroker(new MqttBrokerOptions { Port = plantPort });
        plant.Subscribe("#", (in MqttIncoming message) =>
        {
            arrived.Enqueue(message.Topic);
            return default;
        });
        await plant.StartAsync();
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, settings);
        using IDisposable commands = node.Get<IMessageBus>().Subscribe("commands/#", (in BusMessage message) =>
        {
            arrived.Enqueue(message.Topic);
            message.Acknowledgement.Complete();
            return default;
        });
        if (!outside)
            await IngestNode.UntilAsync(() => arrived.Contains("line4/values/t"), "what was kept has not arrived");
        await IngestNode.UntilAsync(() => plant.Counters.ConnectedClients == 1, "the bridge is not connected");
        await IngestNode.UntilAsync(
            () =>
            {
                _ = plant.PublishAsync("commands/stop", default, MqttQualityOfService.AtLeastOnce).AsTask();
                return arrived.Contains("commands/stop");
            },
            "the command has not arrived");
        await node.Get<IMessageBus>().PublishAsync("values/u", "22"u8.ToArray());
        await IngestNode.UntilAsync(() => arrived.Contains("line4/values/u"), "what was published has not arrived");
    }

    [Fact]
    public async Task Start_BridgesThatCannotBe_NamesEachWithItsRemedy()
    {
        OptionsValidationException error = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(_folder, [
            "Mqtt:Bridges:0:Name=a/b",
            "Mqtt:Bridges:0:Host=mqtt://plant",
            "Mqtt:Bridges:1:Host=plant",
            "Mqtt:Bridges:1:Topics:0:RemotePrefix=line",
            "Mqtt:Bridges:1:Tls:AuthorityFile=/no/such/authority"]));
        foreach (string part in new[]
        {
            "Bridges:0:Name is 'a/b'", "Bridges:0:Host is 'mqtt://plant'", "Bridges:0:Topics is empty", "Bridges:1:Topics:0: the prefix 'line'", "Bridges:1:Tls:AuthorityFile",
        })
        {
            error.Message.ShouldContain(part);
        }
    }

    [Fact]
    public async Task Start_SettingsThatCannotBe_NamesEachWithItsRemedy()
    {
        OptionsValidationException error = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(_folder, [
            "Mqtt:Tls:AuthorityFile=a.pem",
            "Mqtt:UsersFile=/no/such/users",
            "Mqtt:Listeners:0:Address=0.0.0.0",
            "Mqtt:Listeners:0:Tls:KeyFile=/no/such/key",
            "Mqtt:Listeners:0:Tls:ClientCertificates=Required",
            "Mqtt:Listeners:1:Port=9001",
            "Mqtt:Listeners:1:Address=here",
            "Mqtt:Rules:0:Topic=a/#/b"]));
        foreach (string part in new[]
        {
            "Mlops:Mqtt:Tls and WebSocket are for an outside broker", "Mlops:Mqtt:UsersFile is '/no/such/users'", "Listeners:0:Port is not set",
            "Listeners:0:Tls:CertificateFile is not set", "Listeners:0:Tls:KeyFile is '/no/such/key'", "Listeners:0:Tls:ClientCertificates is Required",
            "Listeners:1:Address is 'here'", "Rules:0:Topic is 'a/#/b'",
        })
        {
            error.Message.ShouldContain(part);
        }
    }

    [Fact]
    public async Task Start_LimitsOfTheBroker_AreObeyedAndTold()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, [
            "Mqtt:Limits:MaxConnections=2",
            "Mqtt:Limits:MaxPacketSize=4 KB",
            "Mqtt:Limits:ReceiveMaximum=7",
            "Mqtt:Limits:TopicAliasMaximum=3",
            "Mqtt:Limits:MaxKeepAlive=00:00:20",
            "Mqtt:Limits:MaxSessionExpiry=01:00:00",
            "Mqtt:Limits:MaxSubscriptionsPerSession=1",
            "Mqtt:SystemTopicsInterval=00:00:00"]);
        MqttClientOptions Options() => new() { Host = "127.0.0.1", Port = node.Port, SessionExpiry = TimeSpan.FromDays(2), KeepAlive = TimeSpan.FromMinutes(5) };
        await using var first = new MqttClient(Options());
        MqttConnectResult told = await first.ConnectAsync();
        told.MaximumPacketSize.ShouldBe(4096);
        told.ReceiveMaximum.ShouldBe(7);
        told.TopicAliasMaximum.ShouldBe(3);
        told.KeepAlive.ShouldBe(TimeSpan.FromSeconds(20));
        told.SessionExpiry.ShouldBe(TimeSpan.FromHours(1));
        await first.SubscribeAsync("$SYS/#", MqttQualityOfService.AtMostOnce, (in MqttIncoming message) => throw new InvalidOperationException(message.Topic));
        (await Should.ThrowAsync<MqttException>(first.SubscribeAsync("b", MqttQualityOfService.AtMostOnce, (in MqttIncoming _) => default)))
            .ReasonCode.ShouldBe(MqttReasonCode.QuotaExceeded);
        await using var second = new MqttClient(Options());
        await second.ConnectAsync();
        await using var third = new MqttClient(Options());
        await Should.ThrowAsync<MqttException>(third.ConnectAsync());
        first.Counters.HandlerFailures.ShouldBe(0);
    }

    [Fact]
    public async Task Start_LimitsThatCannotBe_NamesEachWithItsRemedy()
    {
        OptionsValidationException error = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(_folder, [
            "Mqtt:Limits:MaxConnections=0",
            "Mqtt:Limits:MaxPacketSize=1 GB",
            "Mqtt:Limits:MaxQueuedBytesPerSession=0",
            "Mqtt:Limits:ReceiveMaximum=70000",
            "Mqtt:Limits:ConnectTimeout=00:00:00",
            "Mqtt:Limits:MaxDataBytes=1 KB",
            "Mqtt:SystemTopicsInterval=00:00:00.1"]));
        foreach (string part in new[]
        {
            "Mlops:Mqtt:Limits:MaxConnections is '0': set more than zero", "Mlops:Mqtt:Limits:MaxPacketSize is '1073741824': set 128 to 268435460",
            "Mlops:Mqtt:Limits:MaxQueuedBytesPerSession is '0'", "Mlops:Mqtt:Limits:ReceiveMaximum is '70000': set 1 to 65535",
            "Mlops:Mqtt:Limits:ConnectTimeout is '00:00:00'", "Mlops:Mqtt:Limits:MaxDataBytes is '1024'", "Mlops:Mqtt:SystemTopicsInterval is '00:00:00.1000000': set zero, or at least 1 s",
        })
        {
            error.Message.ShouldContain(part);
        }

        error = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(_folder, ["Mqtt:Host=plant", "Mqtt:Limits:MaxSessions=5"]));
        error.Message.ShouldContain("Mlops:Mqtt:Limits are of the embedded broker");
    }

    [Fact]
    public void Limits_Defaults_AreThoseOfTheBroker()
    {
        var broker = new MqttBrokerOptions { MaxConnections = 1, MaxConnectionsPerAddress = 1, MaxKeepAlive = TimeSpan.FromSeconds(1), MaxDataBytes = 1, MaxRetained = 1, MaxPacketSize = 1, MaxQueuedBytesPerSession = 1 };
        new MqttLimitSettings().ApplyTo(broker);
        var defaults = new MqttBrokerOptions();
        foreach (System.Reflection.PropertyInfo limit in typeof(MqttLimitSettings).GetProperties())
        {
            System.Reflection.PropertyInfo ofBroker = typeof(MqttBrokerOptions).GetProperty(limit.Name).ShouldNotBeNull();
            ofBroker.GetValue(broker).ShouldBe(ofBroker.GetValue(defaults), limit.Name);
        }

        // Each bound that the broker has can be set.
        string[] bounds = [.. typeof(MqttBrokerOptions).GetProperties().Select(property => property.Name).Where(name => name.Contains("Max", StringComparison.Ordinal) || name.EndsWith("Timeout", StringComparison.Ordinal))];
        bounds.ShouldBeSubsetOf(typeof(MqttLimitSettings).GetProperties().Select(property => property.Name));
    }

    [Fact]
    public async Task Start_ListenerOpenToTheNetworkWithoutUsers_SaysThatNobodyCouldConnect()
    {
        OptionsValidationException error = await Should.ThrowAsync<OptionsValidationException>(
            () => BrokerNode.StartAsync(_folder, ["Mqtt:Listeners:0:Address=::", "Mqtt:Listeners:0:Port=0"]));
        error.Message.ShouldContain("Mlops:Mqtt:Listeners:0:Address is ::");
        error.Message.ShouldContain("Anonymous=Everybody");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private (string CertificateFile, string KeyFile) SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        string certificateFile = Path.Combine(_folder, "broker.pem");
        string keyFile = Path.Combine(_folder, "broker.key");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}

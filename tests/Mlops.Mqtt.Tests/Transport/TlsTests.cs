using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;
using Mlops.Mqtt.Transport.Tls;

namespace Mlops.Mqtt.Tests.Transport;

public sealed class TlsTests : IDisposable
{
    private readonly Certificates certificates = new();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Accept_PeerThatSpeaksOneVersion_IsConnected(SslProtocols protocol)
    {
        await using var fixture = await StartAsync(certificates.Server());
        using var peer = new TcpClient();
        await peer.ConnectAsync("127.0.0.1", fixture.Port);
        await using var tls = new SslStream(peer.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocol,
            CertificateChainPolicy = Trust.Only(CertificateFiles.ReadAuthorities("the authority", certificates.AuthorityFile), X509RevocationMode.NoCheck),
        });
        tls.SslProtocol.ShouldBe(protocol);
        await tls.WriteAsync(Protocol.PacketSamples.Connect(MqttProtocolVersion.V5).Write());
        var answer = new byte[2];
        await Eventually.Within(tls.ReadExactlyAsync(answer).AsTask());
        answer[0].ShouldBe((byte)0x20);
    }

    [Fact]
    public async Task Connect_PfxFileAndOwnAuthority_MessagesOfTenMegabytesTravelBothWays()
    {
        await using var fixture = await StartAsync(new MqttListenerTlsOptions { CertificateFile = certificates.IssuePfx("broker", "secret"), KeyPassword = "secret" });
        var client = await ConnectAsync(fixture);
        var payload = new byte[10_000_000];
        new Random(5).NextBytes(payload);
        var got = new TaskCompletionSource<byte[]>();
        await client.SubscribeAsync("large", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            got.TrySetResult(message.Payload.ToArray());
            return ValueTask.CompletedTask;
        });
        await client.PublishAsync("large", payload, MqttQualityOfService.AtLeastOnce);
        (await Eventually.Within(got.Task)).ShouldBe(payload);
        fixture.Log.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Connect_UnknownAuthority_IsRefusedWithTheRemedyOnBothSides()
    {
        await using var fixture = await StartAsync(certificates.Server());
        var error = await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(configure: options => options.Tls = new MqttClientTlsOptions()));
        error.Message.ShouldContain($"mqtts://127.0.0.1:{fixture.Port}");
        error.Message.ShouldContain("'CN=broker' is signed by 'CN=Test Authority', which is not trusted");
        error.Message.ShouldContain("Tls.AuthorityFile");
        await OneLineAsync(fixture, "127.0.0.1", "left without CONNECT");
        (await ConnectAsync(fixture)).State.ShouldBe(MqttClientState.Connected);
    }

    [Fact]
    public async Task Connect_ExpiredCertificate_SaysWhenItExpired()
    {
        await using var fixture = await StartAsync(certificates.Server(notAfter: DateTimeOffset.UtcNow.AddDays(-3)));
        fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("Renew it");
        var error = await Should.ThrowAsync<MqttException>(ConnectAsync(fixture));
        error.Message.ShouldContain("'CN=broker' has expired on");
    }

    [Fact]
    public async Task Connect_NameThatTheCertificateIsNotFor_SaysWhichItIsFor()
    {
        await using var fixture = await StartAsync(certificates.Server());
        var error = await Should.ThrowAsync<MqttException>(ConnectAsync(fixture, tls => tls.TargetHost = "plant.example"));
        error.Message.ShouldContain("'localhost'");
        error.Message.ShouldContain("not for 'plant.example'");
        error.Message.ShouldContain("Tls.TargetHost");
    }

    [Fact]
    public async Task Connect_AnyCertificateAskedForByName_IsConnected()
    {
        await using var fixture = await StartAsync(certificates.Server());
        var client = await fixture.ConnectAsync(configure: options => options.Tls = new MqttClientTlsOptions { AcceptAnyCertificate = true });
        client.State.ShouldBe(MqttClientState.Connected);
    }

    [Fact]
    public async Task Connect_BrokerWithoutTls_FailsWithWhatWasTried()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var error = await Should.ThrowAsync<MqttException>(ConnectAsync(fixture));
        error.Message.ShouldContain($"could not connect to mqtts://127.0.0.1:{fixture.Port}");
    }

    [Fact]
    public async Task Accept_ClientCertificateRequired_AdmitsItUnderItsNameAndNobodyElse()
    {
        var tls = Asking(MqttClientCertificates.Required);
        tls.CertificateIsUser = true;
        await using var fixture = await StartAsync(tls, options =>
        {
            options.Rules.Add(new MqttAccessRule { Topic = "presses/%u/#" });
            options.Listeners[0].Anonymous = MqttAnonymousAccess.Nobody;
        });
        var press = await ConnectAsync(fixture, own: "press-4");
        await press.SubscribeAsync("presses/press-4/+", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        await Should.ThrowAsync<MqttException>(press.SubscribeAsync("presses/press-5/+", MqttQualityOfService.AtLeastOnce, new Inbox().Take));
        await Should.ThrowAsync<MqttException>(ConnectAsync(fixture));
        await Eventually.True(() => fixture.Log.Warnings.Any(line => line.Contains("no certificate was shown, but one is required")));
        fixture.Log.Warnings.Single(line => line.Contains("no certificate")).ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task Accept_ClientCertificateOfAnotherAuthorityOrExpired_IsRefusedWithOneLineEach()
    {
        using var strangers = new Certificates("Strangers");
        await using var fixture = await StartAsync(Asking(MqttClientCertificates.Optional));
        var (stranger, strangerKey) = strangers.Issue("stranger");
        var (expired, expiredKey) = certificates.Issue("late", DateTimeOffset.UtcNow.AddDays(-1));
        await Should.ThrowAsync<MqttException>(ConnectAsync(fixture, tls => (tls.CertificateFile, tls.KeyFile) = (stranger, strangerKey)));
        await OneLineAsync(fixture, "'CN=stranger' is signed by 'CN=Strangers', which is not trusted", "ClientAuthorityFile");
        await Should.ThrowAsync<MqttException>(ConnectAsync(fixture, tls => (tls.CertificateFile, tls.KeyFile) = (expired, expiredKey)));
        await Eventually.True(() => fixture.Log.Warnings.Length == 2);
        fixture.Log.Warnings[1].ShouldContain("'CN=late' has expired on");
        fixture.Log.Warnings[1].ShouldContain("127.0.0.1");
        (await ConnectAsync(fixture)).State.ShouldBe(MqttClientState.Connected);
        (await ConnectAsync(fixture, own: "press-4")).State.ShouldBe(MqttClientState.Connected);
    }

    [Fact]
    public async Task Authenticate_ClientShowsACertificate_GetsIt()
    {
        string? subject = null;
        var tls = Asking(MqttClientCertificates.Optional);
        await using var fixture = await StartAsync(tls, prepare: broker => broker.Authenticate = context =>
        {
            subject = context.ClientCertificate?.Subject ?? "none";
            return ValueTask.FromResult(MqttReasonCode.Success);
        });
        await ConnectAsync(fixture, own: "press-4");
        subject.ShouldBe("CN=press-4");
        await ConnectAsync(fixture);
        subject.ShouldBe("none");
    }

    [Fact]
    public async Task Accept_FilesReplaced_NewConnectionsGetTheNewCertificateAndOldOnesStay()
    {
        var tls = certificates.Server();
        await using var fixture = await StartAsync(tls);
        var old = await ConnectAsync(fixture);
        using var renewed = new Certificates("New Authority");
        var (certificate, key) = renewed.Issue("broker");
        File.Copy(certificate, tls.CertificateFile, overwrite: true);
        // Half of it is not usable yet, and the old one stays.
        await Eventually.True(() => ConnectsAsync(fixture, certificates).Result && fixture.Log.Warnings.Any(line => line.Contains("goes on with the old certificate")));
        File.Copy(key, tls.KeyFile!, overwrite: true);
        await Eventually.True(() => ConnectsAsync(fixture, renewed).Result);
        (await ConnectsAsync(fixture, certificates)).ShouldBeFalse();
        await old.PublishAsync("still", "here"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
    }

    [Fact]
    public async Task Accept_PeerThatNeverFinishesTheHandshake_IsDroppedInTime()
    {
        await using var fixture = await StartAsync(certificates.Server(), options => options.ConnectTimeout = TimeSpan.FromMilliseconds(300));
        using var silent = new TcpClient();
        await silent.ConnectAsync("127.0.0.1", fixture.Port);
        (await Eventually.Within(silent.GetStream().ReadAsync(new byte[10]).AsTask())).ShouldBe(0);
        await OneLineAsync(fixture, "127.0.0.1", "ConnectTimeout");
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
    }

    [Fact]
    public async Task Start_FilesThatCannotBeUsed_NamesFileAndSetting()
    {
        var (certificate, _) = certificates.Issue("broker");
        var (_, otherKey) = certificates.Issue("other");
        (await FailureAsync(new MqttListenerTlsOptions { CertificateFile = certificates.File("missing.pem") })).ShouldContain("missing.pem' does not exist. Correct CertificateFile");
        (await FailureAsync(new MqttListenerTlsOptions { CertificateFile = certificate, KeyFile = otherKey })).ShouldContain("KeyFile");
        (await FailureAsync(new MqttListenerTlsOptions { CertificateFile = certificates.IssuePfx("locked", "right"), KeyPassword = "wr0ng-secret" })).ShouldNotContain("wr0ng-secret");
    }

    public void Dispose() => certificates.Dispose();

    private static async Task<string> FailureAsync(MqttListenerTlsOptions tls)
    {
        var options = new MqttBrokerOptions();
        options.Listeners.Add(new MqttListenerOptions { Port = 0, Tls = tls });
        await using var broker = new MqttBroker(options);
        return (await Should.ThrowAsync<IOException>(broker.StartAsync())).Message;
    }

    private static Task<BrokerFixture> StartAsync(MqttListenerTlsOptions tls, Action<MqttBrokerOptions>? configure = null, Action<MqttBroker>? prepare = null) =>
        BrokerFixture.StartAsync(
            options =>
            {
                options.Listeners.Add(new MqttListenerOptions { Port = 0, Tls = tls });
                configure?.Invoke(options);
            },
            prepare);

    private static async Task OneLineAsync(BrokerFixture fixture, params string[] parts)
    {
        await Eventually.True(() => fixture.Log.Warnings.Length > 0);
        string line = fixture.Log.Warnings.ShouldHaveSingleItem();
        foreach (string part in parts)
            line.ShouldContain(part);
    }

    private static async Task<bool> ConnectsAsync(BrokerFixture fixture, Certificates trusted)
    {
        await using var client = new MqttClient(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = fixture.Port,
            Tls = new MqttClientTlsOptions { AuthorityFile = trusted.AuthorityFile },
        });
        try
        {
            await client.ConnectAsync();
            return true;
        }
        catch (MqttException)
        {
            return false;
        }
    }

    private MqttListenerTlsOptions Asking(MqttClientCertificates mode)
    {
        var tls = certificates.Server();
        tls.ClientCertificates = mode;
        tls.ClientAuthorityFile = certificates.AuthorityFile;
        return tls;
    }

    private Task<MqttClient> ConnectAsync(BrokerFixture fixture, Action<MqttClientTlsOptions>? configure = null, string? own = null) =>
        fixture.ConnectAsync(configure: options =>
        {
            options.Tls = new MqttClientTlsOptions { AuthorityFile = certificates.AuthorityFile };
            if (own is not null)
                (options.Tls.CertificateFile, options.Tls.KeyFile) = certificates.Issue(own);
            configure?.Invoke(options.Tls);
        });
}

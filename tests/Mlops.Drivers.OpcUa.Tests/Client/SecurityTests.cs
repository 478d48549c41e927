using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Discovery;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Tests.Peers;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Tests.Client;

public sealed class SecurityTests(SecurityTests.Server fixture) : IClassFixture<SecurityTests.Server>
{
    public static TheoryData<string, string> Endpoints => new()
    {
        { "None", "None" },
        { "Basic256Sha256", "Sign" },
        { "Basic256Sha256", "SignAndEncrypt" },
        { "Aes128_Sha256_RsaOaep", "Sign" },
        { "Aes128_Sha256_RsaOaep", "SignAndEncrypt" },
        { "Aes256_Sha256_RsaPss", "Sign" },
        { "Aes256_Sha256_RsaPss", "SignAndEncrypt" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task ConnectAsync_EachPolicyAndMode_ReadsValues(string policy, string mode)
    {
        using var folder = new TemporaryFolder();
        using var store = new CertificateStore(new OpcUaOptions(), folder.Path, TimeProvider.System);
        await using UaSession session = await UaSession.ConnectAsync(Settings(policy, mode), store, TimeProvider.System, default);

        IReadOnlyList<DataValue> values = await session.ReadAsync([new AttributeOf(NodeId.Parse("ns=1;s=N3"))], default);

        values[0].Status.IsGood.ShouldBeTrue();
        values[0].Value.TryGetDouble(out _).ShouldBeTrue();
        session.Namespaces[0].ShouldBe("http://opcfoundation.org/UA/");
        await session.CloseAsync();
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task ConnectAsync_NameAndPassword_SignsIn(string policy, string mode)
    {
        using var folder = new TemporaryFolder();
        using var store = new CertificateStore(new OpcUaOptions(), folder.Path, TimeProvider.System);
        ClientSettings settings = Settings(policy, mode) with { User = new UserIdentity("operator", "s3cret") };
        await using UaSession session = await UaSession.ConnectAsync(settings, store, TimeProvider.System, default);

        (await session.ReadAsync([new AttributeOf(new NodeId(2259))], default))[0].Value.AsInt64().ShouldBe(0);
    }

    public static IEnumerable<object[]> Secured => Endpoints.Where(e => (string)e[0] != "None");

    [Theory]
    [MemberData(nameof(Secured))]
    public async Task ConnectAsync_UserWithACertificate_SignsIn(string policy, string mode)
    {
        using var folder = new TemporaryFolder();
        using var store = new CertificateStore(new OpcUaOptions(), folder.Path, TimeProvider.System);
        var (certificate, key) = Certificates.Write(folder.Path, "urn:operator", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        using X509Certificate2 user = X509Certificate2.CreateFromPemFile(certificate, key);
        await using UaSession session = await UaSession.ConnectAsync(Settings(policy, mode) with { User = new UserIdentity(Certificate: user) }, store, TimeProvider.System, default);

        (await session.ReadAsync([new AttributeOf(new NodeId(2259))], default))[0].Value.AsInt64().ShouldBe(0);
    }

    [Fact]
    public async Task FindServersAsync_Server_NamesItselfAndItsEndpoints()
    {
        var discovery = new OpcUaDiscovery(TimeProvider.System);

        IReadOnlyList<OpcUaServerInfo> servers = await discovery.FindServersAsync(new Uri(fixture.Peer.Endpoint));
        IReadOnlyList<OpcUaEndpointInfo> endpoints = await discovery.GetEndpointsAsync(new Uri(fixture.Peer.Endpoint));

        servers.ShouldHaveSingleItem().Addresses.ShouldContain(a => a.Contains($":{fixture.Peer.Port}", StringComparison.Ordinal));
        endpoints.Select(e => (e.Policy, e.Mode)).ShouldBe(Endpoints.Select(e => ((string)e[0], (string)e[1])), ignoreOrder: true);
        endpoints.ShouldAllBe(e => e.Users.Contains("Anonymous") && e.Users.Contains("UserName"));
    }

    [Fact]
    public async Task FindServersAsync_NothingListens_SaysSo()
    {
        var error = await Should.ThrowAsync<IOException>(() => new OpcUaDiscovery(TimeProvider.System).FindServersAsync(new Uri("opc.tcp://127.0.0.1:1")));

        error.Message.ShouldContain("Check host and port");
    }

    private ClientSettings Settings(string policy, string mode) => new(new Uri(fixture.Peer.Endpoint))
    {
        Policy = SecurityPolicy.Find(policy)!,
        Mode = Enum.Parse<MessageSecurityMode>(mode),
        TrustServer = true,
        CheckHost = false,
        ConnectTimeout = TimeSpan.FromSeconds(60),
        CallTimeout = TimeSpan.FromSeconds(60),
    };

    public sealed class Server : IAsyncLifetime
    {
        internal NodeOpcUaServer Peer { get; private set; } = null!;

        public async Task InitializeAsync() => Peer = await NodeOpcUaServer.StartAsync(new { nodes = 10, interval = 100 });

        public async Task DisposeAsync() => await Peer.DisposeAsync();
    }
}

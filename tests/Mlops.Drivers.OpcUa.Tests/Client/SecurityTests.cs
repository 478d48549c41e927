using Mlops.Drivers.OpcUa.Client;
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

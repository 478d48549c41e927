using System.Net;
using System.Net.Sockets;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>What is wrong is said with its remedy, and tried again.</summary>
public sealed class RefusalTests(RefusalTests.Server fixture) : IClassFixture<RefusalTests.Server>
{
    [Fact]
    public async Task Run_WrongPassword_SaysWhatToCheckAndNeverThePassword()
    {
        await using RunningDriver driver = Start(s => s.User = new OpcUaUserSettings { Name = "operator", Password = "wr0ng-secret", AllowPlainPassword = true });

        string reason = await ReasonAsync(driver);

        reason.ShouldContain("Check name and password in 'user'");
        driver.States.ShouldNotContain("wr0ng-secret");
    }

    [Fact]
    public async Task Run_UntrustedCertificate_NamesFileAndFolder()
    {
        await using RunningDriver driver = Start(s => s.Security = new OpcUaSecuritySettings { CheckHost = false });

        string reason = await ReasonAsync(driver);

        reason.ShouldContain("not trusted");
        reason.ShouldContain(driver.Store.TrustedFolder);
        Directory.GetFiles(driver.Store.RejectedFolder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_CertificateMovedToTheTrusted_Connects()
    {
        await using RunningDriver driver = Start(s => s.Security = new OpcUaSecuritySettings { CheckHost = false });
        await ReasonAsync(driver);

        Directory.CreateDirectory(driver.Store.TrustedFolder);
        string file = Directory.GetFiles(driver.Store.RejectedFolder).Single();
        File.Move(file, Path.Combine(driver.Store.TrustedFolder, Path.GetFileName(file)));

        await driver.UntilAsync(sink => !sink.Records.IsEmpty);
    }

    [Fact]
    public async Task Run_WrongHostName_NamesThoseOfTheCertificate()
    {
        await using RunningDriver driver = Start(s =>
        {
            s.Endpoint = s.Endpoint.Replace("localhost", "127.0.0.2", StringComparison.Ordinal);
            s.Security = new OpcUaSecuritySettings { TrustServer = true };
        });

        (await ReasonAsync(driver)).ShouldContain("not for '127.0.0.2'");
    }

    [Fact]
    public async Task Run_NothingListens_SaysSo()
    {
        await using RunningDriver driver = Start(s => s.Endpoint = "opc.tcp://127.0.0.1:1");

        (await ReasonAsync(driver)).ShouldContain("nothing listens there");
    }

    [Fact]
    public async Task Run_ServerNeverAnswers_GivesUpAndTriesAgain()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using RunningDriver driver = Start(s =>
        {
            s.Endpoint = $"opc.tcp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
            s.Timeout = TimeSpan.FromSeconds(1);
        });

        (await ReasonAsync(driver)).ShouldContain("not answered within 1 s");
    }

    [Fact]
    public async Task Run_NoOpcUaServer_SaysSo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using RunningDriver driver = Start(s => s.Endpoint = $"opc.tcp://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");
        using (Socket peer = await Eventually.Within(other.AcceptSocketAsync()))
            await peer.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());

        (await ReasonAsync(driver)).ShouldContain("could not connect");
    }

    [Fact]
    public async Task Run_HostCannotBeReached_SaysSoAndTriesAgain()
    {
        // A network for documentation: nobody has an address in it.
        await using RunningDriver driver = Start(s =>
        {
            s.Endpoint = "opc.tcp://203.0.113.1:4840";
            s.Timeout = TimeSpan.FromSeconds(1);
        });

        await driver.UntilAsync(sink => sink.States.Count(s => s.State == DriverState.Faulted) >= 2);
        driver.Sink.States.First(s => s.State == DriverState.Faulted).Reason!.ShouldContain("could not connect to opc.tcp://203.0.113.1:4840");
    }

    [Fact]
    public async Task Run_ExpiredCertificateOfTheServer_NamesItsTimes()
    {
        using var folder = new TemporaryFolder();
        var (certificate, key) = Certificates.Write(folder.Path, "urn:expired", DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddDays(-1));
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, certificateFile = certificate, privateKeyFile = key });
        await using RunningDriver driver = Start(s =>
        {
            s.Endpoint = server.Endpoint;
            s.Security = new OpcUaSecuritySettings { TrustServer = true };
        });

        string reason = await ReasonAsync(driver);

        reason.ShouldContain("the server's certificate is valid from");
        reason.ShouldContain("Renew it on the server");
    }

    [Fact]
    public async Task Run_PolicyThatTheServerDoesNotOffer_NamesThoseThatItDoes()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, policies = new[] { "None", "Basic256Sha256" } });
        await using RunningDriver driver = Start(s =>
        {
            s.Endpoint = server.Endpoint;
            s.Security = new OpcUaSecuritySettings { Policy = "Aes256_Sha256_RsaPss", TrustServer = true };
        });

        string reason = await ReasonAsync(driver);

        reason.ShouldContain("no endpoint with Aes256_Sha256_RsaPss SignAndEncrypt");
        reason.ShouldContain("Basic256Sha256 SignAndEncrypt");
    }

    [Fact]
    public async Task Run_ServerDoesNotTrustThisNode_NamesTheCertificateToTrust()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, strict = true });
        await using RunningDriver driver = Start(s =>
        {
            s.Endpoint = server.Endpoint;
            s.Security = new OpcUaSecuritySettings { TrustServer = true, CheckHost = false };
        });

        (await ReasonAsync(driver)).ShouldContain(driver.Store.OwnFile);
    }

    [Fact]
    public async Task Run_UnknownNode_IsDegradedAndReadsTheOthers()
    {
        await using RunningDriver driver = Start(s => s.Nodes = ["ns=1;s=N0", "ns=1;s=Missing"]);

        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        driver.Sink.States[^1].State.ShouldBe(DriverState.Degraded);
        driver.Sink.States[^1].Reason!.ShouldContain("ns=1;s=Missing (BadNodeIdUnknown)");
    }

    [Fact]
    public void Create_WrongSettings_TellsAllAtOnce()
    {
        var settings = new OpcUaSettings
        {
            Endpoint = "http://10.0.0.7",
            Nodes = ["Temperature"],
            Security = new OpcUaSecuritySettings { Policy = "Basic128", Mode = "Encrypt" },
            User = new OpcUaUserSettings(),
        };

        var error = Should.Throw<DriverConfigurationException>(() => DriverSetup.Read("press", settings));

        error.Findings.Select(f => f.Setting).ShouldBe(["endpoint", "security.policy", "security.mode", "user.name", "nodes[0]"]);
    }

    private RunningDriver Start(Action<OpcUaSettings> change)
    {
        var settings = new OpcUaSettings { Endpoint = fixture.Peer.Endpoint, Nodes = ["ns=1;s=N0"], Timeout = TimeSpan.FromSeconds(30) };
        change(settings);
        return RunningDriver.Start(settings);
    }

    private static async Task<string> ReasonAsync(RunningDriver driver)
    {
        await driver.UntilAsync(sink => sink.States.Any(s => s.State == DriverState.Faulted));
        return driver.Sink.States.First(s => s.State == DriverState.Faulted).Reason!;
    }

    public sealed class Server : IAsyncLifetime
    {
        internal NodeOpcUaServer Peer { get; private set; } = null!;

        public async Task InitializeAsync() => Peer = await NodeOpcUaServer.StartAsync(new { nodes = 1, interval = 100 });

        public async Task DisposeAsync() => await Peer.DisposeAsync();
    }
}

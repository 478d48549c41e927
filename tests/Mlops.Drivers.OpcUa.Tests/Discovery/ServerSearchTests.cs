using Mlops.Drivers.OpcUa.Discovery;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Discovery;

public sealed class ServerSearchTests
{
    [Fact]
    public async Task FindAsync_Server_GivesSettingsOfEachEndpointThatADriverRunsWith()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1, interval = 50 });
        IReadOnlyList<DiscoveredAsset> found = await new ServerSearch(new OpcUaDiscovery(TimeProvider.System)).FindAsync(server.Endpoint, default);

        found.Count.ShouldBe(7);
        found.ShouldAllBe(f => f.Name != "" && f.Settings["endpoint"]!.GetValue<string>() == server.Endpoint && f.Description!.Contains("UserName"));
        // The least secure comes last, and is the one without 'security'.
        found.Take(6).ShouldAllBe(f => f.Settings["security"]!["policy"] != null && f.Settings["security"]!["mode"] != null);
        found[^1].Settings.ContainsKey("security").ShouldBeFalse();

        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings
        {
            Endpoint = found[0].Settings["endpoint"]!.GetValue<string>(),
            Nodes = ["ns=1;s=N0"],
            Security = new OpcUaSecuritySettings { Policy = found[0].Settings["security"]!["policy"]!.GetValue<string>(), Mode = found[0].Settings["security"]!["mode"]!.GetValue<string>(), TrustServer = true, CheckHost = false },
        });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);
    }

    [Fact]
    public async Task FindAsync_SeveralServers_NamesThoseThatDoNotAnswerToo()
    {
        var found = await new ServerSearch(new Directory()).FindAsync("opc.tcp://10.0.0.7:4840", default);

        found.Select(f => (f.Name, f.Settings["endpoint"]!.GetValue<string>(), f.Description)).ShouldBe(
        [
            ("directory", "opc.tcp://10.0.0.7:4840", "Basic256Sha256 Sign; users: UserName"),
            ("directory", "opc.tcp://10.0.0.7:4840", "None None; users: Anonymous"),
            ("press", "opc.tcp://press:4841", "Check host and port."),
        ]);
        found[0].Settings["security"]!.ToJsonString().ShouldBe("""{"policy":"Basic256Sha256","mode":"Sign"}""");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.7")]
    [InlineData("http://10.0.0.7:4840")]
    public async Task FindAsync_WhatIsNoAddress_SaysWhatOneIs(string? address)
    {
        var error = await Should.ThrowAsync<ArgumentException>(() => new ServerSearch(new Directory()).FindAsync(address, default));

        error.Message.ShouldContain("opc.tcp://10.0.0.7:4840");
    }

    /// <summary>Knows itself by a name that nobody else does, one server that does not answer, and one that speaks something else.</summary>
    private sealed class Directory : IOpcUaDiscovery
    {
        public Task<IReadOnlyList<OpcUaServerInfo>> FindServersAsync(Uri address, CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<OpcUaServerInfo>>(
        [
            new("directory", "urn:directory", ["opc.tcp://hidden:4840"]), new("press", "urn:press", ["https://press:443", "opc.tcp://press:4841"]), new("web", "urn:web", ["https://web:443"]),
        ]);

        public Task<IReadOnlyList<OpcUaEndpointInfo>> GetEndpointsAsync(Uri address, CancellationToken cancellationToken = default) => address.Host == "press"
            ? throw new IOException("Check host and port.")
            : Task.FromResult<IReadOnlyList<OpcUaEndpointInfo>>(
            [
                new("opc.tcp://hidden:4840", "None", "None", ["Anonymous"], 0), new("opc.tcp://hidden:4840", "Basic256Sha256", "Sign", ["UserName"], 5), new("https://hidden:443", "None", "None", ["Anonymous"], 9),
            ]);
    }
}

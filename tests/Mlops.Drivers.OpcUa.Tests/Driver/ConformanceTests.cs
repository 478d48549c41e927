using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Drivers.OpcUa.Discovery;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Tests.Peers;
using Mlops.Testing.Drivers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

public sealed class ConformanceTests
{
    [Fact]
    public async Task Driver_InTheKit_KeepsItsRules()
    {
        using var folder = new TemporaryFolder();
        using var store = new CertificateStore(new OpcUaOptions(), folder.Path, TimeProvider.System);
        using var instruments = new OpcUaInstruments();
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 5, interval = 50 });
        var kit = new DriverConformance(
            new OpcUaDriverFactory(new OpcUaServices(store, instruments, TimeProvider.System, NullLogger.Instance), new OpcUaDiscovery(TimeProvider.System)),
            () => new OpcUaSettings { Endpoint = server.Endpoint, Nodes = ["ns=1;s=N0", "ns=1;s=N4"], Timeout = TimeSpan.FromSeconds(30) })
        {
            Disconnect = server.KillAsync,
            Reconnect = () => server.StartAgainAsync(),
        };

        await kit.RunAllAsync();
    }
}

using Mlops.Drivers.OpcUa.Channels;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Client;

/// <summary>The driver on channels that the host brings.</summary>
public sealed class ForeignChannelTests
{
    [Fact]
    public async Task Run_ChannelsOfTheHost_CarryAllServicesAndAreOpenedAgain()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 300, interval = 50, machine = true });
        var factory = new Factory();
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = server.Endpoint, Nodes = ["/Objects/1:Plant/**/N*"], Timeout = TimeSpan.FromSeconds(30) }, channels: factory);
        await driver.UntilAsync(sink => sink.Records.Count >= 3);
        factory.Opened.Single().PolicyUri.ShouldBe("http://opcfoundation.org/UA/SecurityPolicy#None");
        (await driver.Caller.CallAsync("ns=1;s=Multiply", [2.5, 4L], default)).ShouldBe([10.0]);

        await factory.Last!.DisposeAsync();
        await driver.UntilAsync(sink => sink.States.Any(s => s.State == DriverState.Faulted));
        int now = driver.Sink.Records.Count;
        await driver.UntilAsync(sink => sink.Records.Count > now + 3);

        factory.Opened.Count.ShouldBe(2, driver.States);
        (await server.ItemsAsync()).Count.ShouldBe(300);
        driver.Sink.Inner.Violations.ShouldBeEmpty();
    }

    private sealed class Factory : IOpcUaChannelFactory
    {
        public List<OpcUaChannelSettings> Opened { get; } = [];

        public PlainChannel? Last { get; private set; }

        public async Task<IOpcUaChannel> OpenAsync(OpcUaChannelSettings settings, CancellationToken cancellationToken)
        {
            Opened.Add(settings);
            return Last = await PlainChannel.OpenAsync(settings.Endpoint);
        }
    }
}

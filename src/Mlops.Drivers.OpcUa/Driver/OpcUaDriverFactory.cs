using Mlops.Drivers.OpcUa.Discovery;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Creates drivers of the kind <c>opcua</c>, and finds servers for them.</summary>
internal sealed class OpcUaDriverFactory(OpcUaServices services, IOpcUaDiscovery discovery) : IHighLevelDriverFactory, IDiscoveringDriverFactory
{
    public string Kind => "opcua";

    public Type SettingsType => typeof(OpcUaSettings);

    public IHighLevelDriver Create(string asset, object settings) => new OpcUaDriver(asset, DriverSetup.Read(asset, (OpcUaSettings)settings, services), services);

    public async ValueTask<IReadOnlyList<DiscoveredAsset>> DiscoverAsync(string? address, CancellationToken cancellationToken) =>
        await new ServerSearch(discovery).FindAsync(address, cancellationToken).ConfigureAwait(false);
}

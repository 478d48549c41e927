using Microsoft.Extensions.Hosting;
using Mlops.Drivers.Catalog;

namespace Mlops.Drivers;

/// <summary>Starts the drivers of the configured assets, and stops them before ingest ends.</summary>
internal sealed class DriverHostedService(AssetCatalog catalog, DriverHost drivers, DriverInstruments instruments) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        instruments.Observe(drivers);
        return catalog.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => drivers.StopAllAsync(cancellationToken);
}

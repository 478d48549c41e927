using Microsoft.Extensions.Hosting;
using Mlops.Hosting;

namespace Mlops.Drivers;

/// <summary>Starts the drivers of the configured assets, and stops them before ingest ends.</summary>
internal sealed class DriverHostedService(DriverHost drivers, MlopsSection? section = null) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (section is not null)
            drivers.Start(section.Configuration.GetSection("Assets"));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => drivers.StopAllAsync(cancellationToken);
}

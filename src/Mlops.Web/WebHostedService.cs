using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Web.Monitoring;
using Mlops.Web.Security;

namespace Mlops.Web;

/// <summary>Adds the first user before the node serves, and has metrics collected from the start.</summary>
internal sealed class WebHostedService(Users users, MetricsCollector metrics, IOptions<WebOptions> options, ILogger<WebHostedService> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (options.Value.AdminPassword is { Length: > 0 } password && await users.AddFirstAsync(password).ConfigureAwait(false))
            Log.FirstUser(logger, Users.FirstAdmin);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Web.Monitoring;
using Mlops.Web.Security;

namespace Mlops.Web;

/// <summary>Adds the first user before the node serves, and has metrics collected, and sent where somebody wants them, from the start.</summary>
internal sealed class WebHostedService(
    Users users, MetricsCollector metrics, IOptions<WebOptions> options, IOptions<MlopsOptions> node, ILogger<WebHostedService> logger) : IHostedService, IDisposable
{
    private OtlpExport? _export;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (options.Value.AdminPassword is { Length: > 0 } password && await users.AddFirstAsync(password).ConfigureAwait(false))
            Log.FirstUser(logger, Users.FirstAdmin);
        if (OtlpExport.Target(options.Value.Otlp) is { } target)
        {
            _export = new OtlpExport(options.Value.Otlp, node.Value.Node);
            Log.Exporting(logger, target);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _export?.Dispose();
}

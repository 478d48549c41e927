using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Web.Monitoring;
using Mlops.Web.Security;

namespace Mlops.Web;

/// <summary>Adds the first user before the node serves, and has metrics collected, and sent where somebody wants them, from the start.</summary>
internal sealed class WebHostedService(
    Users users, MetricsCollector metrics, AccessGate gate, IServiceProvider services, IOptions<WebOptions> options, IOptions<MlopsOptions> node, ILogger<WebHostedService> logger) : IHostedLifecycleService, IDisposable
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

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A server listens before the host says that it has started. There is none where a test calls the endpoints itself.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        string[] addresses = [.. services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
        if (addresses.Length > 0)
            Log.Serving(logger, string.Join(", ", addresses), gate.SignInRequired ? "Callers sign in or bring a token." : "Requests of this machine need no sign-in; others are refused.");
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _export?.Dispose();
}

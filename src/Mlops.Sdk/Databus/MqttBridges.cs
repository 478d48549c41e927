using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Mqtt;

namespace Mlops.Databus;

/// <summary>Runs the bridges of the settings: from after the bus has opened until before it closes, so that what rooms say at the end passes too.</summary>
internal sealed class MqttBridges(IMqttBus bus, IOptions<MqttOptions> options, IOptions<MlopsOptions> node, TimeProvider time, ILogger<MqttBridges> logger)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly List<MqttBridge> _bridges = [];
    private Task _starting = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (MqttBridgeSettings settings in options.Value.Bridges)
        {
            MqttBridgeOptions bridge = settings.ToBridge(node.Value.Node.Name, node.Value.FullDataFolder);
            if (bus.LocalClient() is { } local)
            {
                local.Outbox = settings.Outbox(node.Value.FullDataFolder, "in");
                bridge.Local = local;
            }

            _bridges.Add(bus.Broker is { } broker ? new MqttBridge(broker, bridge, logger, time) : new MqttBridge(bridge, logger, time));
        }

        // A broker that is away does not keep the node from starting.
        _starting = Task.WhenAll(_bridges.Select(bridge => bridge.StartAsync(CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (MqttBridge bridge in _bridges)
            await bridge.DisposeAsync().ConfigureAwait(false);
        _bridges.Clear();
        await _starting.ConfigureAwait(false);
    }
}

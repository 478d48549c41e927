using Microsoft.Extensions.Hosting;

namespace Mlops.Databus;

/// <summary>
/// Opens the bus after every room has subscribed, and closes it in two steps: first it takes no more messages while those that were
/// taken are stored and acknowledged, and after all rooms have stopped, and said so on the bus, it ends.
/// </summary>
internal sealed class MqttHostedService(IMqttBus bus) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => bus.OpenAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => bus.DrainAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => bus.CloseAsync(cancellationToken);
}

using Microsoft.Extensions.Hosting;
using Mlops.Databus;
using Mlops.Ingest.PlainJson;
using Mlops.Messaging;

namespace Mlops.Ingest;

/// <summary>
/// Starts and stops ingest around the message bus: it subscribes before anything starts, so that a bus which opens later finds it,
/// and it ends after the bus has drained and before the store does, so that nothing is acknowledged that was not stored.
/// </summary>
internal sealed class IngestHostedService(
    IngestPipeline pipeline, DatabusConsumer databus, PlainJsonConsumer plainJson, IMessageBus? bus = null) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        pipeline.Start();
        if (bus is not null)
        {
            databus.Start(bus);
            plainJson.Start(bus);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Not later: the store, which stops after us, then turns everything into files.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        plainJson.Dispose();
        databus.Dispose();
        await pipeline.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

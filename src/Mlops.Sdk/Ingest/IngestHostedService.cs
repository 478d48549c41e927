using Microsoft.Extensions.Hosting;
using Mlops.Databus;
using Mlops.Ingest.Assembly;
using Mlops.Ingest.Mapping;
using Mlops.Ingest.PlainJson;
using Mlops.Messaging;

namespace Mlops.Ingest;

/// <summary>
/// Starts and stops ingest around the message bus: it subscribes before anything starts, so that a bus which opens later finds it,
/// and it ends after the bus has drained and before the store does, so that nothing is acknowledged that was not stored.
/// </summary>
internal sealed class IngestHostedService(
    IngestPipeline pipeline, DatabusConsumer databus, PlainJsonConsumer plainJson, Mappings mappings, Assemblies assemblies, RetainedMessages retained, TimeProvider time, IMessageBus? bus = null)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _saving = new(1);
    private ITimer? _saver;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await assemblies.StartAsync(cancellationToken).ConfigureAwait(false);
        pipeline.Start();
        if (bus is not null)
        {
            await databus.StartAsync(bus).ConfigureAwait(false);
            plainJson.Start(bus);
        }

        retained.Load();
        await mappings.StartAsync(cancellationToken).ConfigureAwait(false);
        _saver = time.CreateTimer(_ => _ = SaveAsync(pipeline.DurableAsync), null, SaveInterval, SaveInterval);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Not later: the store, which stops after us, then turns everything into files.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_saver is not null)
            await _saver.DisposeAsync().ConfigureAwait(false);
        plainJson.Dispose();
        databus.Dispose();
        await pipeline.StopAsync(cancellationToken).ConfigureAwait(false);

        // When the stop was hurried, what is not durable comes again and must not look like a repetition.
        if (!cancellationToken.IsCancellationRequested)
            await SaveAsync(static () => Task.CompletedTask).ConfigureAwait(false);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _saver?.Dispose();
        _saving.Dispose();
    }

    private async Task SaveAsync(Func<Task> durable)
    {
        await _saving.WaitAsync().ConfigureAwait(false);
        try
        {
            await retained.SaveAsync(durable).ConfigureAwait(false);
        }
        finally
        {
            _saving.Release();
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Messaging;

namespace Mlops.Databus;

/// <summary>Asks the apps on an outside broker, once after the start, for their metadata and values: they may have published them before we subscribed.</summary>
internal sealed class UpdateRequester(IMqttBus bus, ILogger<UpdateRequester> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Our own broker has no clients yet when we start.
        if (bus is not MqttClientBus)
            return;
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note(BusState state)
        {
            if (state == BusState.Connected)
                connected.TrySetResult();
        }

        bus.StateChanged += Note;
        try
        {
            Note(bus.State);
            await connected.Task.WaitAsync(stoppingToken).ConfigureAwait(false);
            await bus.PublishAsync(DatabusTopics.UpdateRequest, DatabusTopics.UpdateEverything, cancellationToken: stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Log.UpdateRequestFailed(logger, e);
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
        finally
        {
            bus.StateChanged -= Note;
        }
    }
}

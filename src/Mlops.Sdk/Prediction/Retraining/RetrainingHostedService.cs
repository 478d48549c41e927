using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mlops.Prediction.Retraining;

/// <summary>Watches triggers while the host runs.</summary>
internal sealed class RetrainingHostedService(Retrainings retrainings, IOptions<PredictionOptions> options, TimeProvider time, ILogger<RetrainingHostedService> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await retrainings.StopAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            retrainings.Resume();
            using var timer = new PeriodicTimer(options.Value.TriggerInterval, time);
            do
            {
                await retrainings.LookAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is silence.
        }
        catch (Exception e)
        {
            Log.TriggersEnded(logger, e);
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mlops.Store.Labelling;

/// <summary>Runs a follower for each binding.</summary>
internal sealed class LabelHostedService(LabelStore labels, IFeedStore store, IFeedReader reader, IOptions<LabelOptions> options, TimeProvider time, ILogger<LabelHostedService> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(options.Value.Labels.Select(binding => RunAsync(binding, stoppingToken)));

    private async Task RunAsync(LabelBinding binding, CancellationToken stoppingToken)
    {
        try
        {
            await new LabelFollower(binding, labels, store, reader, time, logger).RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            Log.LabelLoopEnded(logger, e, binding.From);
        }
    }
}

using Microsoft.Extensions.Logging;
using Mlops.Metrics;

namespace Mlops.Prediction;

/// <summary>The loops of one deployment and their end: the runner stops first, then the writer stores what is left, then the publisher stops.</summary>
internal sealed class RunningDeployment(
    string id,
    DeploymentRunner runner,
    AnswerWriter writer,
    AnswerPublisher? publisher,
    IRunMeasurement measurement,
    TimeProvider time,
    ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan StoreGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopRunner = new();
    private readonly CancellationTokenSource _stopPublisher = new();
    private readonly CancellationTokenSource _abandon = new();
    private Task _running = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private Task _publishing = Task.CompletedTask;

    public DeploymentRunner Runner => runner;

    public AnswerWriter Writer => writer;

    public AnswerPublisher? Publisher => publisher;

    public RunMeasurements Measurements => measurement.Snapshot();

    public void Start(ModelInPlace model, long afterPosition)
    {
        _writing = WatchAsync(writer.RunAsync(afterPosition, _abandon.Token));
        _running = WatchAsync(runner.RunAsync(model, afterPosition, _stopRunner.Token));
        if (publisher is not null)
            _publishing = PublishAsync(publisher);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopRunner.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        writer.Complete();
        _abandon.CancelAfter(StoreGrace);
        await _writing.ConfigureAwait(false);
        await _stopPublisher.CancelAsync().ConfigureAwait(false);
        await _publishing.ConfigureAwait(false);
        measurement.Dispose();
        runner.Dispose();
        _stopRunner.Dispose();
        _stopPublisher.Dispose();
        _abandon.Dispose();
    }

    private async Task WatchAsync(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (Exception e)
        {
            Log.LoopEnded(logger, id, e);
        }
    }

    private async Task PublishAsync(AnswerPublisher loop)
    {
        while (!_stopPublisher.IsCancellationRequested)
        {
            try
            {
                await loop.RunAsync(_stopPublisher.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (_stopPublisher.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.PublishFailed(logger, id, e.Message);
                await Task.Delay(RestartDelay, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}

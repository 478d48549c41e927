using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Metrics;
using Mlops.Training.Profiles;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Takes trainings from the queue, as many at a time as configured, and brings each to its end. A training that fails harms only itself.</summary>
internal sealed class TrainingRunner(
    Trainings trainings,
    TrainingBoard board,
    TrainingRecords records,
    TrainingRun run,
    ModelRegistry models,
    IRunMeter meter,
    TrainingInstruments instruments,
    TimeProvider clock,
    IOptions<TrainingOptions> options,
    ILogger<TrainingRunner> logger)
{
    private const string HostStopped = "The host stopped while training. Start the training again.";
    private const int MaxReasonLength = 64 * 1024;

    /// <summary>Takes up what the last run of the host has left: queued trainings wait again, running ones have failed.</summary>
    public async Task RecoverAsync()
    {
        int requeued = 0, interrupted = 0;
        foreach (TrainingInfo info in records.Unfinished())
        {
            // What was queued since this host started is at its place already.
            if (board.FindActive(info.Id) is not null)
                continue;
            if (info.State == TrainingState.Queued && trainings.Enqueue(info))
            {
                requeued++;
                continue;
            }

            interrupted++;
            TrainingInfo ended = info with { State = TrainingState.Failed, Reason = HostStopped, Interrupted = true, Ended = clock.GetUtcNow() };
            await records.EndAsync(ended, [], []).ConfigureAwait(false);
            board.Announce(ended);
        }

        if (requeued + interrupted > 0)
            Log.Recovered(logger, requeued, interrupted);
    }

    /// <summary>Runs trainings until stopped; those that run then are ended and have failed, those that wait stay queued.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, options.Value.MaxParallel).Select(_ => Task.Run(() => LoopAsync(stop), CancellationToken.None)));

    private async Task LoopAsync(CancellationToken stop)
    {
        try
        {
            await foreach (ActiveTraining training in trainings.Queue.ReadAllAsync(stop).ConfigureAwait(false))
            {
                // The reader hands out what is there even when it is stopped.
                if (stop.IsCancellationRequested)
                    return;
                if (training.TryBegin())
                    await WorkAsync(training, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping is silence.
        }
    }

    private async Task WorkAsync(ActiveTraining training, CancellationToken stop)
    {
        TrainingInfo info = training.Info;
        Log.Begun(logger, info.Id, info.Workflow, info.Version);
        var watch = new PhaseWatch(clock, (info.Started ?? info.Created) - info.Created);
        using IRunMeasurement measurement = meter.Begin();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop, training.Cancelled);
        using var flushing = new CancellationTokenSource();
        Task flush = FlushAsync(training, flushing.Token);
        ModelInfo? model = null;
        ModelProfile? profile = null;
        Exception? failure = null;
        try
        {
            await board.SaveAsync(training).ConfigureAwait(false);
            (model, profile) = await run.RunAsync(training, watch, measurement, cancel.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        await flushing.CancelAsync().ConfigureAwait(false);
        await flush.ConfigureAwait(false);
        if (model is not null)
            failure = await SucceedAsync(training, model, profile!).ConfigureAwait(false);
        if (failure is not null)
            await FailAsync(training, failure, watch.Measured(measurement), stop).ConfigureAwait(false);
        instruments.Ended(training.Info);
    }

    /// <returns>Why the model could not be registered; <see langword="null"/> when it is.</returns>
    private async Task<Exception?> SucceedAsync(ActiveTraining training, ModelInfo model, ModelProfile profile)
    {
        TrainingInfo info = training.End(i => i with { State = TrainingState.Succeeded, Progress = 1, ProgressText = "", Model = model.Id, Measurements = model.Measurements });
        try
        {
            string signature = models.Sign(model);
            await board.EndAsync(training, connection => models.Add(connection, model, profile, signature)).ConfigureAwait(false);
            Log.Succeeded(logger, info.Id, info.Measurements!.Seconds, model.Id);
            return null;
        }
        catch (Exception e)
        {
            ModelRegistry.Discard(model.Folder);
            return e;
        }
    }

    private async Task FailAsync(ActiveTraining training, Exception failure, RunMeasurements measurements, CancellationToken stop)
    {
        // What code throws because it was ended is not the reason why it ended.
        TrainingState state = training.Cancelled.IsCancellationRequested ? TrainingState.Cancelled : TrainingState.Failed;
        string? reason = state == TrainingState.Cancelled ? null : stop.IsCancellationRequested ? HostStopped : Reason(failure);
        TrainingInfo info = training.End(i => i with { State = state, Reason = reason, Interrupted = ReferenceEquals(reason, HostStopped), Measurements = measurements });
        if (state == TrainingState.Cancelled)
            Log.Cancelled(logger, info.Id);
        else if (failure is WorkflowException || stop.IsCancellationRequested)
            Log.Failed(logger, info.Id, reason!);
        else
            Log.FailedUnexpectedly(logger, failure, info.Id);
        try
        {
            await board.EndAsync(training).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // It stays in memory, so that everybody sees the truth as long as this host runs.
            Log.NotStored(logger, e, info.Id);
            training.Publish();
            board.Announce(info);
            training.Complete();
        }
    }

    private static string Reason(Exception failure)
    {
        string reason = failure switch
        {
            WorkflowException { Traceback: { Length: > 0 } traceback } e when !e.Message.Contains(traceback.Trim(), StringComparison.Ordinal) => $"{e.Message}\n\n{traceback}",
            WorkflowException e => e.Message,
            OperationCanceledException => "The runtime gave the training up without saying why. The log of the host may say more.",
            _ => $"The training failed inside the host: {failure.GetType().Name}: {failure.Message} The log of the host says more.",
        };
        return reason.Length <= MaxReasonLength ? reason : string.Concat(reason.AsSpan(0, MaxReasonLength), "…");
    }

    /// <summary>Stores and announces progress, as often as configured.</summary>
    private async Task FlushAsync(ActiveTraining training, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.ProgressInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                if (training.TakeChanged())
                    await board.SaveAsync(training).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The training has ended.
        }
        catch (Exception e)
        {
            Log.NotStored(logger, e, training.Id);
        }
    }
}

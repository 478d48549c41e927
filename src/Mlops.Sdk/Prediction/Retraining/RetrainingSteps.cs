using System.Globalization;
using Mlops.Prediction.Backtests;
using Mlops.Prediction.Candidates;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>
/// Takes a retraining one step on: train, backtest, release. Each step first looks whether it was begun before, so that after a crash
/// none is done twice: a training carries the id of its retraining, a release shows in its deployment.
/// </summary>
internal sealed class RetrainingSteps(ITrainings trainings, IBacktests backtests, IDeployments deployments, TriggerTraining training, TimeProvider time)
{
    // A training that takes the host down with it must not do so at each start for ever.
    private const int MaxAttempts = 3;
    private static readonly TimeSpan LoadingPause = TimeSpan.FromSeconds(1);

    /// <summary>Does the next step.</summary>
    /// <param name="info">The retraining; it has not ended and does not wait for anybody.</param>
    /// <param name="save">Makes it durable where a step has parts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The retraining as it is then.</returns>
    /// <exception cref="WorkflowException">It cannot be done.</exception>
    public Task<RetrainingInfo> NextAsync(RetrainingInfo info, Func<RetrainingInfo, Task> save, CancellationToken cancellationToken) => info.State switch
    {
        RetrainingState.Training => TrainAsync(info, save, cancellationToken),
        RetrainingState.Backtesting => BacktestAsync(info, save, cancellationToken),
        _ => ReleaseAsync(info, cancellationToken),
    };

    /// <summary>Cancels the training or backtest that is under way.</summary>
    public async Task CancelAsync(RetrainingInfo info)
    {
        if (info is { State: RetrainingState.Training, Training: { } id })
            await trainings.CancelAsync(id).ConfigureAwait(false);
        if (info is { State: RetrainingState.Backtesting, Backtest: { } backtest })
            await backtests.CancelAsync(backtest).ConfigureAwait(false);
    }

    /// <summary>Says in whose name a retraining acts.</summary>
    public static string Author(RetrainingInfo info) => info.DecidedBy ?? info.Author ?? $"trigger {info.Request.Name}";

    private async Task<RetrainingInfo> TrainAsync(RetrainingInfo info, Func<RetrainingInfo, Task> save, CancellationToken cancellationToken)
    {
        List<TrainingInfo> attempts = [.. trainings.List().Where(t => t.Request.Retraining == info.Id)];
        TrainingInfo? current = attempts.FirstOrDefault();
        if (current is null or { Interrupted: true })
        {
            if (attempts.Count >= MaxAttempts)
                throw new WorkflowException($"The host stopped {attempts.Count} times while training. Look for the reason in its log, then run the trigger.");
            TrainingRequest request = training.At(info.Request, info.Fired);
            current = await trainings.StartAsync(request with { Retraining = info.Id, Author = info.Author ?? Author(info) }, cancellationToken).ConfigureAwait(false);
            attempts.Add(current);
        }

        if (info.Training != current.Id)
            await save(info = info with { Training = current.Id, Attempts = attempts.Count }).ConfigureAwait(false);
        current = await trainings.WaitAsync(current.Id, cancellationToken).ConfigureAwait(false);
        return current.State switch
        {
            TrainingState.Succeeded => AfterTraining(info with { Model = current.Model }),

            // It begins anew when the host is back.
            TrainingState.Failed when current.Interrupted => info,
            TrainingState.Cancelled => info with { State = RetrainingState.Cancelled, Reason = $"Training '{current.Id}' was cancelled." },
            _ => info with { State = RetrainingState.Failed, Reason = current.Reason },
        };
    }

    private static RetrainingInfo AfterTraining(RetrainingInfo info) =>
        info.Request.Release.Backtest is not null ? info with { State = RetrainingState.Backtesting } : Decide(info);

    private async Task<RetrainingInfo> BacktestAsync(RetrainingInfo info, Func<RetrainingInfo, Task> save, CancellationToken cancellationToken)
    {
        if (info.Backtest is null)
        {
            BacktestInfo begun = await backtests.StartAsync(
                new BacktestRequest { Model = info.Model!, Deployment = info.Request.Deployment, From = info.Fired - info.Request.Release.Backtest, To = info.Fired, Author = Author(info) },
                cancellationToken).ConfigureAwait(false);
            await save(info = info with { Backtest = begun.Id }).ConfigureAwait(false);
        }

        BacktestInfo backtest = await backtests.WaitAsync(info.Backtest, cancellationToken).ConfigureAwait(false);
        if (backtest.State == BacktestState.Cancelled)
            return info with { State = RetrainingState.Cancelled, Reason = $"Backtest '{backtest.Id}' was cancelled." };
        (bool? passed, string verdict) = Judge(backtest, info.Request.Release.MaximumLoss);
        return Decide(info with { Passed = passed, Verdict = verdict });
    }

    /// <summary>Tells whether the first model did as well as the second.</summary>
    private static (bool? Passed, string Verdict) Judge(BacktestInfo backtest, double maximumLoss)
    {
        if (backtest.State != BacktestState.Succeeded)
            return (null, $"The backtest could not be done: {backtest.Reason}");
        if (backtest.Results is not [{ Figures: var model }, { Figures: var production }])
            return (null, "There was no other model to compare with.");
        if (model.Count == 0 || production.Count == 0)
            return (null, $"None of the {backtest.Records} records has a label: {backtest.WithoutLabels ?? "none came for them yet."}");
        (string figure, double mine, double theirs, bool passed) = (model.RootMeanSquareError, production.RootMeanSquareError) is ({ } error, { } otherError)
            ? ("root mean square error", error, otherError, error <= otherError * (1 + maximumLoss))
            : ("accuracy", model.Accuracy ?? 0, production.Accuracy ?? 0, (model.Accuracy ?? 0) >= (production.Accuracy ?? 0) - maximumLoss);
        return (passed, string.Create(CultureInfo.InvariantCulture, $"{figure} {mine:0.####}, production {theirs:0.####}, over {model.Count} labelled records"));
    }

    private static RetrainingInfo Decide(RetrainingInfo info)
    {
        ReleasePlan release = info.Request.Release;
        if (release.Step == ReleaseStep.Keep)
            return info with { State = RetrainingState.Succeeded };
        if (release.Approval)
            return info with { State = RetrainingState.AwaitingApproval };
        return release.Backtest is null || info.Passed == true
            ? info with { State = RetrainingState.Releasing }
            : info with { State = RetrainingState.Declined, Reason = info.Passed is null ? "The backtest could not judge the model." : "The backtest found the model worse than production." };
    }

    private async Task<RetrainingInfo> ReleaseAsync(RetrainingInfo info, CancellationToken cancellationToken)
    {
        DeploymentInfo deployment = training.Deployment(info.Request)!;
        while (deployment.State == DeploymentState.Loading)
        {
            await Task.Delay(LoadingPause, time, cancellationToken).ConfigureAwait(false);
            deployment = training.Deployment(info.Request)!;
        }

        (string id, string model, ReleasePlan release) = (deployment.Id, info.Model!, info.Request.Release);
        if (deployment.Request.Model == model || (release.Step != ReleaseStep.Promote && deployment.Candidate?.Model == model))
            return info with { State = RetrainingState.Succeeded };
        if (release.Step == ReleaseStep.Promote)
            await deployments.SwapAsync(id, model, Author(info), cancellationToken).ConfigureAwait(false);
        else
            await deployments.StartCandidateAsync(id, Candidate(info, model, release), cancellationToken).ConfigureAwait(false);
        return info with { State = RetrainingState.Succeeded };
    }

    private static CandidateRequest Candidate(RetrainingInfo info, string model, ReleasePlan release) => new()
    {
        Model = model,
        Kind = release.Step == ReleaseStep.Canary ? CandidateKind.Canary : CandidateKind.Shadow,
        Share = release.Share,
        Author = Author(info),
    };
}

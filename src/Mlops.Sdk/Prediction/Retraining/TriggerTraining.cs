using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>Says what a trigger trains: what it names, or what made the production model of its deployment.</summary>
internal sealed class TriggerTraining(IDeployments deployments, IModels models)
{
    /// <summary>Returns the deployment of a trigger; <see langword="null"/> when it is about none.</summary>
    /// <exception cref="WorkflowException">It was ended, or never was.</exception>
    public DeploymentInfo? Deployment(TriggerRequest trigger) => trigger.Deployment is not { } id ? null
        : deployments.Find(id) is not { } found ? throw new WorkflowException($"There is no deployment '{id}'. Known: {Known()}.")
        : found.State == DeploymentState.Stopped ? throw new WorkflowException($"Deployment '{id}' was ended. Name one that runs: {Known()}.")
        : found;

    /// <summary>Returns the training as it would be asked for at a time.</summary>
    /// <exception cref="WorkflowException">What it refers to is not there.</exception>
    public TrainingRequest At(TriggerRequest trigger, DateTimeOffset now)
    {
        TrainingRequest request = trigger.Training ?? OfProduction(trigger);
        return request with
        {
            From = trigger.Window is { } window ? now - window : request.From,
            To = trigger.Release.Backtest is { } backtest ? now - backtest : request.To,
        };
    }

    private TrainingRequest OfProduction(TriggerRequest trigger)
    {
        DeploymentInfo deployment = Deployment(trigger) ?? throw new WorkflowException("Nothing says what is trained. Name a deployment, or give a training.");
        ModelInfo model = models.Find(deployment.Request.Model) ?? throw new WorkflowException($"There is no model '{deployment.Request.Model}', which deployment '{deployment.Id}' uses.");
        return model.Request is { } request
            ? request with { Version = model.Version, To = null }
            : throw new WorkflowException($"What model '{model.Id}' was trained with was not recorded. Give a training.");
    }

    private string Known() => string.Join(", ", deployments.List().Where(d => d.State != DeploymentState.Stopped).Select(d => d.Id)) is { Length: > 0 } known ? known : "none";
}

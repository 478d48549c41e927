using System.Globalization;
using Microsoft.Extensions.Options;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>Holds what a trigger is to ask for against what can be done, before it is kept.</summary>
internal sealed class TriggerCheck(TriggerTraining training, TrainingPlanner planner, IOptions<PredictionOptions> options, TimeProvider time)
{
    private const int MaxName = 100;

    /// <summary>Checks.</summary>
    /// <returns>The plan of its training, as it would be now.</returns>
    /// <exception cref="WorkflowException">It cannot work; the message says all that is wrong with it.</exception>
    public TrainingPlan Check(TriggerRequest trigger)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(trigger.Name) || trigger.Name.Length > MaxName)
            problems.Add($"The name is {FindingList.Quote(trigger.Name ?? "")}. Give 1 to {MaxName} characters.");
        if (trigger is { Schedule: null, NewLabels: null, Drift: null, Quality: null })
            problems.Add("It has no condition. Give a schedule, a number of new labels, drift or quality.");
        if (trigger.CoolDown < TimeSpan.Zero)
            problems.Add($"The cool-down is {trigger.CoolDown}. Give 0 or longer.");
        if (trigger.Window <= TimeSpan.Zero)
            problems.Add($"The window is {trigger.Window}. Give how far back trainings look, or leave it out.");
        if (trigger.Schedule is { } schedule)
            ScheduleTimes.Check(schedule, time.GetUtcNow(), problems);
        CheckDrift(trigger.Drift, problems);
        CheckRelease(trigger, problems);
        TrainingPlan? plan = Plan(trigger, problems);
        CheckQuality(trigger.Quality, plan, problems);
        if (trigger.NewLabels is { } wanted && wanted < 1)
            problems.Add($"The number of new labels is {wanted}. Give 1 or more, or leave it out.");
        else if (trigger.NewLabels is not null && plan is { Selection.Label: null })
            problems.Add($"Workflow '{plan.Package.Manifest.Name}' learns without labels, so none can be counted. Use another condition.");
        return problems.Count == 0 ? plan! : throw new WorkflowException($"The trigger {FindingList.Quote(trigger.Name ?? "")} cannot work like this: {string.Join('\n', problems)}");
    }

    private TrainingPlan? Plan(TriggerRequest trigger, List<string> problems)
    {
        if (trigger.Deployment is null && trigger.Training is null)
        {
            problems.Add("Nothing says what is trained. Name a deployment, or give a training.");
            return null;
        }

        try
        {
            DeploymentInfo? deployment = training.Deployment(trigger);
            TrainingPlan plan = planner.Plan(training.At(trigger, time.GetUtcNow()));
            if (deployment is not null && trigger.Release.Step != ReleaseStep.Keep && plan.Package.Manifest.Name != deployment.Request.Workflow)
                problems.Add($"It trains '{plan.Package.Manifest.Name}', but deployment '{deployment.Id}' is of workflow '{deployment.Request.Workflow}'. Train that one, or let the model be kept.");
            return plan;
        }
        catch (WorkflowException e)
        {
            problems.Add(e.Message);
            return null;
        }
    }

    private static void CheckDrift(DriftCondition? drift, List<string> problems)
    {
        if (drift is null)
            return;
        if (drift is { Psi: null, Ks: null })
            problems.Add("The drift has no limit. Give a population stability index (0.25 is a large one), a Kolmogorov-Smirnov distance, or both.");
        if (drift.Psi is { } psi && !(psi > 0 && double.IsFinite(psi)))
            problems.Add($"The limit of the population stability index is {Number(psi)}. Give a number above 0, for example 0.25.");
        if (drift.Ks is { } ks && !(ks is > 0 and <= 1))
            problems.Add($"The limit of the Kolmogorov-Smirnov distance is {Number(ks)}. Give a number above 0 and up to 1.");
        CheckLasting("drift", drift.For, problems);
    }

    private void CheckQuality(QualityCondition? quality, TrainingPlan? plan, List<string> problems)
    {
        if (quality is null)
            return;
        bool share = quality.Figure is QualityFigure.Accuracy or QualityFigure.MacroF1;
        if (share ? !(quality.Limit is > 0 and <= 1) : !(quality.Limit >= 0 && double.IsFinite(quality.Limit)))
            problems.Add($"The limit of the quality is {Number(quality.Limit)}. Give {(share ? "a share above 0 and up to 1" : "an error of 0 or more")}.");
        if (quality.MinimumLabelled < 1 || quality.MinimumLabelled > options.Value.QualityWindow)
            problems.Add($"The quality needs {quality.MinimumLabelled} labelled answers. Give 1 to {options.Value.QualityWindow} (Mlops:Prediction:QualityWindow).");
        if (plan is not null && quality.Figure != QualityFigure.Accuracy && (quality.Figure == QualityFigure.MacroF1) != (plan.Package.Manifest.Output.Classes is not null))
            problems.Add($"Workflow '{plan.Package.Manifest.Name}' answers with {(plan.Package.Manifest.Output.Classes is null ? "numbers, which have no macro F1" : "classes, which have no numeric error")}. Choose another figure.");
        CheckLasting("quality", quality.For, problems);
    }

    private static void CheckRelease(TriggerRequest trigger, List<string> problems)
    {
        ReleasePlan release = trigger.Release;
        if (trigger.Deployment is null)
        {
            if (trigger.Drift is not null || trigger.Quality is not null)
                problems.Add("Drift and quality are those of a deployment, and none is named. Name one, or use a schedule or new labels.");
            if (release.Step != ReleaseStep.Keep || release.Backtest is not null)
                problems.Add("A backtest and a next step need a deployment, and none is named. Name one, or let the model be kept.");
        }

        if (release.Backtest <= TimeSpan.Zero || release.Backtest >= trigger.Window)
            problems.Add($"The backtest takes the newest {release.Backtest} of records{(trigger.Window is { } window ? $" of a window of {window}" : "")}. Give a range above 0 that leaves records for the training.");
        if (!(release.MaximumLoss >= 0 && double.IsFinite(release.MaximumLoss)))
            problems.Add($"The maximum loss is {Number(release.MaximumLoss)}. Give 0 or more.");
        if (release.Step == ReleaseStep.Canary && !(release.Share is > 0 and <= 1))
            problems.Add($"The canary's share is {Number(release.Share)}. Give a number above 0 and up to 1.");
    }

    private static void CheckLasting(string what, TimeSpan lasting, List<string> problems)
    {
        if (lasting < TimeSpan.Zero)
            problems.Add($"The {what} must last {lasting}. Give 0 or longer.");
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Mlops.Prediction.Drift;
using Mlops.Prediction.Quality;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>Looks at how the conditions of triggers stand. Used by one at a time.</summary>
internal sealed class TriggerConditions(TriggerTraining training, TrainingPlanner planner, NewLabelCount labels, TimeProvider time)
{
    /// <summary>Looks at one trigger.</summary>
    public async Task<TriggerLook> LookAsync(TriggerRecord trigger, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        TriggerRequest request = trigger.Request;
        var held = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var conditions = new List<ConditionInfo>();
        try
        {
            DeploymentInfo? deployment = training.Deployment(request);
            TrainingPlan plan = planner.Plan(training.At(request, now));
            if (trigger.Due is { } due)
                conditions.Add(new ConditionInfo("schedule", due <= now, $"due {Time(due)}"));
            if (request.NewLabels is { } wanted)
            {
                long count = await labels.SinceAsync(trigger.Id, trigger.Mark, plan, cancellationToken).ConfigureAwait(false);
                conditions.Add(new ConditionInfo("newLabels", count >= wanted, $"{count} new labels of {wanted}"));
            }

            if (request.Drift is { } drift)
            {
                (bool? passed, string text) = Drift(drift, deployment!.Drift);
                conditions.Add(Lasting("drift", deployment, passed, drift.For, text));
            }

            if (request.Quality is { } quality)
            {
                (bool? passed, string text) = Quality(quality, deployment!);
                conditions.Add(Lasting("quality", deployment!, passed, quality.For, text));
            }

            return new TriggerLook(conditions, held, null);
        }
        catch (WorkflowException e)
        {
            return new TriggerLook(conditions, trigger.Held, e.Message);
        }

        // A limit that is passed by one model says nothing about the next. Where nothing is known, as in the first time after a restart, what was known stands.
        ConditionInfo Lasting(string kind, DeploymentInfo deployment, bool? passed, TimeSpan lasting, string text)
        {
            string key = $"{kind}:{deployment.Request.Model}";
            bool before = trigger.Held.TryGetValue(key, out DateTimeOffset since);
            if (passed == false || (passed is null && !before))
                return new ConditionInfo(kind, false, text);
            held[key] = since = before ? since : now;
            return new ConditionInfo(kind, passed == true && now - since >= lasting, lasting > TimeSpan.Zero ? $"{text}, since {Time(since)}, to last {lasting}" : text, since);
        }
    }

    private static (bool? Passed, string Text) Drift(DriftCondition condition, DriftInfo? drift)
    {
        if (drift is null)
            return (null, "drift: too few records yet");
        var texts = new List<string>();
        bool passed = false;
        if (condition.Psi is { } psi && drift.Figures.MaxBy(f => f.Psi) is { } widest)
        {
            passed |= widest.Psi >= psi;
            texts.Add($"PSI of {widest.Name} {Number(widest.Psi)}, limit {Number(psi)}");
        }

        if (condition.Ks is { } ks && drift.Figures.Where(f => f.Ks is not null).MaxBy(f => f.Ks) is { } farthest)
        {
            passed |= farthest.Ks >= ks;
            texts.Add($"KS of {farthest.Name} {Number(farthest.Ks!.Value)}, limit {Number(ks)}");
        }

        return (passed, $"drift: {(texts.Count == 0 ? "no input has the figure" : string.Join("; ", texts))}");
    }

    private static (bool? Passed, string Text) Quality(QualityCondition condition, DeploymentInfo deployment)
    {
        AnswerFigures? figures = deployment.Quality.FirstOrDefault(q => q.Model == deployment.Request.Model && !q.Shadow)?.Window;
        double? value = Of(condition.Figure, figures);
        string count = $"over {figures?.Count ?? 0} labelled answers, {condition.MinimumLabelled} needed";
        if (figures is null || value is not { } is_ || figures.Count < condition.MinimumLabelled)
            return (null, $"{Name(condition.Figure)}: {count}");
        bool below = condition.Figure is QualityFigure.Accuracy or QualityFigure.MacroF1;
        return (below ? is_ < condition.Limit : is_ > condition.Limit, $"{Name(condition.Figure)} {Number(is_)}, {(below ? "at least" : "at most")} {Number(condition.Limit)}, {count}");
    }

    private static double? Of(QualityFigure figure, AnswerFigures? figures) => figure switch
    {
        QualityFigure.Accuracy => figures?.Accuracy,
        QualityFigure.MacroF1 => figures?.MacroF1,
        QualityFigure.MeanAbsoluteError => figures?.MeanAbsoluteError,
        _ => figures?.RootMeanSquareError,
    };

    private static string Name(QualityFigure figure) => figure switch
    {
        QualityFigure.Accuracy => "accuracy",
        QualityFigure.MacroF1 => "macro F1",
        QualityFigure.MeanAbsoluteError => "mean absolute error",
        _ => "root mean square error",
    };

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

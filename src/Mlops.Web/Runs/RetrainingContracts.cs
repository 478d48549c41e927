using Mlops.Client;
using Mlops.Prediction.Retraining;
using Mlops.Web.Rest;

namespace Mlops.Web.Runs;

/// <summary>Triggers and retrainings as REST shows and takes them.</summary>
internal static class RetrainingContracts
{
    public static TriggerRequest Read(TriggerBody body)
    {
        var request = new TriggerRequest
        {
            Name = body.Name,
            Deployment = body.Deployment,
            Training = body.Training is { } training ? RunContracts.Read(training, author: null) : null,
            Window = body.Window,
            Schedule = body.Schedule is { } s ? new TriggerSchedule { Cron = s.Cron, TimeZone = s.TimeZone, Every = s.Every } : null,
            NewLabels = body.NewLabels,
            Drift = body.Drift is { } d ? new DriftCondition { Psi = d.Psi, Ks = d.Ks, For = d.For ?? TimeSpan.Zero } : null,
            Quality = body.Quality is { } q
                ? new QualityCondition { Figure = Names.Parse<QualityFigure>("quality.figure", q.Figure), Limit = q.Limit, MinimumLabelled = q.MinimumLabelled, For = q.For ?? TimeSpan.Zero }
                : null,
            Release = body.Release is { } r
                ? new ReleasePlan { Step = Names.Parse<ReleaseStep>("release.step", r.Step), Approval = r.Approval, Backtest = r.Backtest, MaximumLoss = r.MaximumLoss, Share = r.Share }
                : new ReleasePlan(),
        };
        return body.CoolDown is { } coolDown ? request with { CoolDown = coolDown } : request;
    }

    public static TriggerDetails Of(TriggerInfo t) => new(
        t.Id, Of(t.Request), t.Enabled, t.Created, [.. t.Conditions.Select(c => new ConditionDetails(c.Kind, c.Met, c.Text, c.Since))],
        t.Due, t.Fired, t.CoolsUntil, t.Problem, t.Last is { } last ? Of(last) : null);

    public static RetrainingDetails Of(RetrainingInfo r) => new(
        r.Id, r.Trigger, Names.Of(r.State), r.HasEnded, r.Reasons, r.Fired, r.Attempts, r.Ended, r.Author, r.Training, r.Model, r.Backtest, r.Passed, r.Verdict, r.DecidedBy, r.Reason);

    private static TriggerBody Of(TriggerRequest t) => new(
        t.Name, t.Deployment, t.Training is { } training ? RunContracts.Of(training) : null, t.Window,
        t.Schedule is { } s ? new TriggerTimes(s.Cron, s.TimeZone, s.Every) : null,
        t.NewLabels,
        t.Drift is { } d ? new DriftLimit(d.Psi, d.Ks, d.For) : null,
        t.Quality is { } q ? new QualityLimit(q.Limit, Names.Of(q.Figure), q.MinimumLabelled, q.For) : null,
        t.CoolDown,
        new ReleaseRule(Names.Of(t.Release.Step), t.Release.Approval, t.Release.Backtest, t.Release.MaximumLoss, t.Release.Share));
}

using Mlops.Client;
using Mlops.Metrics;
using Mlops.Prediction;
using Mlops.Prediction.Backtests;
using Mlops.Prediction.Quality;
using Mlops.Store.Selection;
using Mlops.Training;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;
using Mlops.Workflows;

namespace Mlops.Web.Runs;

/// <summary>Trainings, models and deployments as REST shows them.</summary>
internal static class RunContracts
{
    public static RunFigures? Of(RunMeasurements? m) => m is null ? null
        : new RunFigures(m.Seconds, m.PeakMemoryMiB, m.PeakCpuPercent, m.EnergyWh, m.EnergyMethod, m.Phases);

    public static Dictionary<string, FieldReference>? Of(IReadOnlyDictionary<string, FeedFieldReference>? inputs) =>
        inputs?.ToDictionary(i => i.Key, i => new FieldReference(i.Value.Feed, i.Value.Field));

    public static Dictionary<string, FeedFieldReference>? Read(IReadOnlyDictionary<string, FieldReference>? inputs) =>
        inputs?.ToDictionary(i => i.Key, i => new FeedFieldReference(i.Value.Feed, i.Value.Field), StringComparer.Ordinal);

    public static TrainingStatus Of(TrainingInfo t) => new(
        t.Id, t.Workflow, t.Version, Names.Of(t.State), t.Progress, t.Metrics, t.Created, Of(t.Request),
        t.ProgressText, Of(t.Measurements), t.Model, t.Reason, t.Started, t.Ended, t.Request.Author);

    public static TrainingStart Of(TrainingRequest r) => new(
        r.Workflow, r.Version, r.Feed, Of(r.Inputs), r.From, r.To, r.Filter, r.Limit, r.Labels,
        r.Params is null ? null : JsonValues.ToJson(r.Params), r.MinimumQuality, r.Tolerance, r.LabelSources, r.LabelAuthors,
        r.Balance is { } balance ? new BalanceRule(balance.PerClass, balance.Seed) : null,
        r.Split is { } split ? new HoldOutRule(Names.Of(split.Kind), split.HeldOut, split.Seed, split.Field) : null);

    public static TrainingRequest Read(TrainingStart body, string? author)
    {
        if (body.MinimumQuality is < 0 or > 3)
            throw ProblemException.Invalid($"'minimumQuality' is {body.MinimumQuality}.", "Give a number from 0 (all) to 3.");
        if (body.Limit is < 1)
            throw ProblemException.Invalid($"'limit' is {body.Limit}.", "Give a number above 0, or leave it out for all records.");
        return new TrainingRequest
        {
            Workflow = body.Workflow,
            Version = body.Version,
            Feed = body.Feed,
            Inputs = Read(body.Inputs),
            From = body.From,
            To = body.To,
            Filter = body.Filter,
            Limit = body.Limit,
            Labels = body.Labels,
            Params = body.Params?.ToDictionary(p => p.Key, p => JsonValues.ToScalar($"params.{p.Key}", p.Value)),
            MinimumQuality = (byte)body.MinimumQuality,
            Tolerance = body.Tolerance,
            LabelSources = body.LabelSources,
            LabelAuthors = body.LabelAuthors,
            Balance = body.Balance is { } balance ? new ClassBalance(balance.PerClass, balance.Seed) : null,
            Split = body.HoldOut is { } split ? new SplitRule(Names.Parse<SplitKind>("holdOut.kind", split.Kind), split.HeldOut, split.Seed, split.Field) : null,
            Author = author,
        };
    }

    // The folder stays ours: where files lie is nobody's business outside.
    public static ModelDetails Of(ModelInfo m) => new(
        m.Id, m.Workflow, m.Version, Names.Of(m.Stage), m.Training, m.Digest, m.PackageDigest,
        [.. m.Inputs.Select(FeedContracts.Of)],
        new DataDetails(m.Data.Feed, m.Data.Records, m.Data.FirstPosition, m.Data.LastPosition, m.Data.Hash, m.Data.HeldOut, m.Data.Filter, m.Data.Labels),
        JsonValues.ToJson(m.Parameters), m.Metrics, m.Environment, m.Created, m.Classes, Of(m.Measurements), m.Request?.Author,
        m.Origin is { } origin ? new ModelOriginDetails(origin.Node, origin.Key, origin.Imported, origin.Author) : null,
        m.Request is { } request ? Of(request) : null);

    public static DeploymentStatus Of(DeploymentInfo d)
    {
        DeploymentRequest r = d.Request;
        return new DeploymentStatus(
            d.Id, r.Workflow, r.Model, Names.Of(d.State), Names.Of(r.Delivery), r.MaxAge, d.PredictionFeed, d.Position, d.Answered, d.Created,
            [.. d.Quality.Select(q => new QualityDetails(q.Model, q.Shadow, Of(q.Total), Of(q.Window)))],
            d.Mode, d.Topic, r.Feed, Of(r.Inputs), r.Output is { } output ? new OutputNames(output.Connection, output.Collection) : null,
            d.Reason, d.PreviousModel,
            d.Candidate is { } c ? new CandidateDetails(c.Model, Names.Of(c.Kind), c.Share, c.PredictionFeed, c.Since, c.Answered, c.Reason, c.Agreement is { } agreement ? Of(agreement) : null) : null,
            d.Drift is { } drift ? new DriftDetails(drift.Records, drift.Drifted, [.. drift.Figures.Select(f => new DriftFigureDetails(f.Name, f.IsAnswer, f.Psi, f.Ks))]) : null,
            Of(d.Measurements), r.Author, r.Tolerance, d.ModeReason, d.Interruption, d.Memory is { } memory ? new ModelMemory(memory.Bytes, memory.Method) : null);
    }

    public static AnswerFiguresDetails Of(AnswerFigures f) => new(
        f.Count, f.Accuracy, f.MacroF1, f.MeanAbsoluteError, f.RootMeanSquareError,
        [.. f.Classes.Select(c => new ClassDetails(c.Name, c.Expected, c.Answered, c.F1, c.Precision, c.Recall))],
        [.. f.Confusion.Select(c => new ConfusionDetails(c.Expected, c.Answered, c.Count))]);

    public static PredictionAnswer Of(PredictionResult p) => new(
        new RecordSource(p.Source.Feed, p.Source.Seq, p.Source.Ts, p.Source.Row), JsonValues.ToJson(p.Values), p.Model, p.ComputeMs, p.IngestMs, p.PublishedAt);

    public static BacktestStatus Of(BacktestInfo b)
    {
        BacktestRequest r = b.Request;
        return new BacktestStatus(
            b.Id, Names.Of(b.State),
            new BacktestStart(r.Model, r.Against, r.Deployment, r.Feed, Of(r.Inputs), r.Fill is { } fill ? Names.Of(fill) : null, r.From, r.To, r.Filter, r.Limit, r.Labels, r.HeldOut, r.Importance, r.Tolerance),
            b.Progress, b.Records, b.Labelled,
            [.. b.Results.Select(x => new BacktestModelResult(
                x.Model, Of(x.Figures), x.Answered, x.Failed, x.ComputeMs, x.Importance is { } importance ? [.. importance.Select(i => new InputImportance(i.Name, i.Loss))] : null))],
            b.Created, b.WithoutLabels, b.Agreement is { } agreement ? Of(agreement) : null, b.Reason, b.Ended);
    }
}

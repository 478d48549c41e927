using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Databus.Publishing;
using Mlops.Metrics;
using Mlops.Prediction.Candidates;
using Mlops.Prediction.Drift;
using Mlops.Store;

namespace Mlops.Prediction;

/// <summary>Puts the loops of a deployment together and starts them.</summary>
internal sealed class DeploymentLauncher(
    ModelLoader loader,
    DatabusApp app,
    DriftReporter drift,
    NodeDatabase database,
    IFeedStore store,
    IFeedReader reader,
    ILiveTail tail,
    IRunMeter meter,
    PredictionInstruments instruments,
    IOptions<PredictionOptions> options,
    TimeProvider time,
    ILogger<Deployments> logger)
{
    public static string Cursor(string id) => $"predict:{id}";

    public static string ShadowCursor(string id) => $"shadow:{id}";

    /// <summary>Starts a deployment's production model.</summary>
    public async Task LaunchAsync(DeploymentEntry entry, ModelInPlace model, long position, CancellationToken cancellationToken)
    {
        DeploymentRequest request = entry.Record.Request;
        string feed = loader.FindFeed(request).Feed;
        FeedOrigin origin = loader.Origin(entry.Id, request);
        IReadOnlyList<FeedField> published = [.. model.Predictor.Output.Fields, new FeedField(PredictionSchema.Model, FieldType.Text)];
        entry.Collection = await app.AddAsync(origin.Connection, origin.Collection, published, [new FeedField(LabelWriteHandler.Field, FieldType.Text)], cancellationToken).ConfigureAwait(false);
        AnswerPublisher? publisher = app.Bus is null ? null
            : new AnswerPublisher(entry.Id, feed, model.Answers.Feed, request.MaxAge, app, entry.Collection, store, reader, instruments, options.Value, time, logger);
        (entry.Feed, entry.AnswerField, entry.LabelSet) = (feed, model.AnswerField, model.LabelSet);
        drift.Attach(entry, model);
        entry.Reason = null;
        entry.Running = Start(entry.Id, Cursor(entry.Id), feed, request, model, position, publisher);
        Log.Started(logger, entry.Id, feed, model.Info.Id, model.Predictor.Mode, position);
    }

    /// <summary>Starts a deployment's candidate.</summary>
    public async Task LaunchCandidateAsync(DeploymentEntry entry, ModelInPlace model, CancellationToken cancellationToken)
    {
        CandidateRecord candidate = entry.Record.Candidate!;
        if (candidate.Kind == CandidateKind.Canary)
        {
            var canary = new Canary(entry.Id, model, candidate.Share, time, logger);
            await entry.Running!.Runner.SetCanaryAsync(canary, cancellationToken).ConfigureAwait(false);
            entry.Candidate = new RunningCandidate(canary, entry.Running.Runner);
        }
        else
        {
            string feed = loader.FindFeed(entry.Record.Request).Feed;
            string cursor = ShadowCursor(entry.Id);
            RunningDeployment shadow = Start($"{entry.Id} (shadow)", cursor, feed, entry.Record.Request, model, store.GetCursor(cursor) ?? 0, publisher: null);
            var agreement = new AgreementFollower(entry.Id, candidate, entry.Record.PredictionFeed, model.AnswerField, database, store, reader, time, logger);
            entry.Candidate = new RunningCandidate(shadow, agreement);
        }

        entry.CandidateReason = null;
        Log.CandidateStarted(logger, entry.Id, candidate.Model, candidate.Kind);
    }

    private RunningDeployment Start(string id, string cursor, string feed, DeploymentRequest request, ModelInPlace model, long position, AnswerPublisher? publisher)
    {
        var writer = new AnswerWriter(id, feed, cursor, store, reader, options.Value, time, logger);
        var runner = new DeploymentRunner(id, feed, request.Delivery, store, reader, tail, writer, instruments, options.Value, time, logger);
        model.Binding.Anchor = store.GetCursor(AnswerWriter.AnchorOf(cursor));
        var running = new RunningDeployment(id, runner, writer, publisher, meter.Begin(), time, logger);
        running.Start(model, position);
        return running;
    }
}

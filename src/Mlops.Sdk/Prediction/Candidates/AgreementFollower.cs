using Microsoft.Extensions.Logging;
using Mlops.Prediction.Quality;
using Mlops.Store;

namespace Mlops.Prediction.Candidates;

/// <summary>
/// Measures how a shadow's answers agree with the production model's: both feeds hold their answers in the order of the records,
/// so the two are merged by record. Its count and its two cursors become durable together, so nothing counts twice or not at all.
/// </summary>
internal sealed class AgreementFollower(
    string deployment, CandidateRecord candidate, string productionFeed, string field, NodeDatabase database, IFeedStore store, IFeedReader reader, TimeProvider time, ILogger logger)
{
    public const string Role = "agreement";
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private Tally _tally = new();

    public AnswerFigures Figures
    {
        get
        {
            lock (_gate)
                return _tally.Figures();
        }
    }

    public static string ProductionCursor(string deployment) => $"agreement:{deployment}:production";

    public static string ShadowCursor(string deployment) => $"agreement:{deployment}:shadow";

    /// <summary>Measures until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await MergeAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or ArgumentException)
            {
                Log.MeasuringFailed(logger, deployment, e.Message, RetryDelay);
                await Task.Delay(RetryDelay, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task MergeAsync(CancellationToken stop)
    {
        lock (_gate)
            _tally = database.Read(db => TallyRows.Load(db, deployment, Role, candidate.Model)) ?? new Tally();
        await using var production = new AnswerHead(reader, productionFeed, field, store.GetCursor(ProductionCursor(deployment)) ?? 0, stop);
        await using var shadow = new AnswerHead(reader, candidate.PredictionFeed, field, store.GetCursor(ShadowCursor(deployment)) ?? 0, stop);
        long saved = time.GetTimestamp();
        try
        {
            await production.NextAsync().ConfigureAwait(false);
            await shadow.NextAsync().ConfigureAwait(false);
            while (true)
            {
                // A record that only one of them has answered (skipped, or before the shadow's time) says nothing.
                bool productionBehind = production.Row < shadow.Row, shadowBehind = shadow.Row < production.Row;
                if (!productionBehind && !shadowBehind && !(production.Value.IsNone && shadow.Value.IsNone))
                {
                    lock (_gate)
                        _tally.Add(production.Value, shadow.Value);
                }

                if (!shadowBehind)
                    await production.NextAsync().ConfigureAwait(false);
                if (!productionBehind)
                    await shadow.NextAsync().ConfigureAwait(false);
                if (time.GetElapsedTime(saved) < SaveInterval)
                    continue;
                await SaveAsync(production, shadow).ConfigureAwait(false);
                saved = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Only here may one have gone on without the other, by the pair that was counted last: what it passed is counted.
            await SaveAsync(production, shadow).ConfigureAwait(false);
        }
    }

    private Task SaveAsync(AnswerHead production, AnswerHead shadow)
    {
        string tally;
        lock (_gate)
            tally = _tally.ToJson();
        (long one, long other) = (production.Passed, shadow.Passed);
        return database.WriteAsync(db =>
        {
            TallyRows.Save(db, deployment, Role, candidate.Model, tally);
            TallyRows.MoveCursor(db, ProductionCursor(deployment), one);
            TallyRows.MoveCursor(db, ShadowCursor(deployment), other);
        });
    }
}

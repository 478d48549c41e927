using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Labelling;
using Mlops.Workflows;

namespace Mlops.Prediction.Quality;

/// <summary>
/// Compares answers with labels as these come, however late. Each deployment has a cursor over the table of labels; it stays in
/// front of the first label that waits for its answer, and taking a label twice changes nothing.
/// </summary>
internal sealed class QualityMonitor(
    Deployments deployments, QualityBoard board, NodeDatabase database, FeedStore store, ILabels labels, IOptions<PredictionOptions> options, TimeProvider time, ILogger<QualityMonitor> logger)
    : BackgroundService
{
    private const int MaxLabels = 1000;
    private const int MaxWaiting = 10_000;
    private const string Answers = "labels";
    private const string ShadowAnswers = "labels-shadow";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LoadingPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WaitingPause = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly LabelledRecords _records = new(store);

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        labels.Added += OnAdded;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                TimeSpan pause = Pause;
                foreach (DeploymentEntry entry in deployments.Live.ToList())
                {
                    TimeSpan wanted = entry.Feed.Length == 0 ? LoadingPause : await TryMeasureAsync(entry, stoppingToken).ConfigureAwait(false);
                    pause = wanted < pause ? wanted : pause;
                }

                await _wake.WaitAsync(pause, stoppingToken).ConfigureAwait(false);

                // Labels often come one by one.
                await Task.Delay(options.Value.QualityInterval, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is silence.
        }
        catch (Exception e)
        {
            Log.QualityEnded(logger, e);
        }
        finally
        {
            labels.Added -= OnAdded;
        }
    }

    private void OnAdded(string feed, IReadOnlyList<Label> added)
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    /// <returns>How long there is nothing to do unless labels come.</returns>
    private async Task<TimeSpan> TryMeasureAsync(DeploymentEntry entry, CancellationToken stop)
    {
        try
        {
            return await MeasureAsync(entry, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ArgumentException or WorkflowException)
        {
            Log.MeasuringFailed(logger, entry.Id, e.Message, Pause);
            return Pause;
        }
    }

    private async Task<TimeSpan> MeasureAsync(DeploymentEntry entry, CancellationToken stop)
    {
        string cursor = $"labels-seen:{entry.Id}";
        if (!_places.TryGetValue(entry.Id, out Place? place))
        {
            _places[entry.Id] = place = new Place { Read = store.GetCursor(cursor) ?? 0 };
            Show(entry);
        }

        if (entry.LabelSet is not { } set)
            return Pause;
        LabelBatch fresh = database.Read(db => LabelRows.After(db, entry.Feed, set, place.Read, MaxLabels));
        List<(long Number, Label Label)> all = [.. place.Waiting, .. fresh.Numbers.Zip(fresh.Labels)];
        if (all.Count == 0)
            return Pause;
        Candidates.CandidateRecord? shadow = entry.Record.Candidate is { Kind: Candidates.CandidateKind.Shadow } candidate ? candidate : null;

        // What both have dealt with by now is stored, and will get no other answer; what they deal with while we read waits for the next time.
        long dealtWith = Math.Min(entry.Running?.Writer.Position ?? 0, shadow is null ? long.MaxValue : entry.Candidate?.Position ?? 0);
        (Dictionary<long, string> truths, Dictionary<Label, long> numbered) = await _records.FindAsync(entry.Feed, [.. all.Select(l => l.Label)], stop).ConfigureAwait(false);
        List<Outcome> outcomes = await AnswersAsync(entry.Record.PredictionFeed, entry.AnswerField, truths, stop).ConfigureAwait(false);
        List<Outcome> shadowOutcomes = shadow is null ? [] : await AnswersAsync(shadow.PredictionFeed, entry.AnswerField, truths, stop).ConfigureAwait(false);
        long oldest = EpochTime.FromDateTimeOffset(time.GetUtcNow() - options.Value.LabelPatience);
        List<(long Number, Label Label)> waiting = [.. all.Where(l => l.Label.Created >= oldest && !((l.Label.Position ?? Position(numbered, l.Label)) <= dealtWith)).TakeLast(MaxWaiting)];
        long read = fresh.Numbers.Count > 0 ? fresh.Numbers[^1] : place.Read;
        await database.WriteAsync(
            db =>
            {
                OutcomeRows.Add(db, entry.Id, Answers, outcomes);
                OutcomeRows.Add(db, entry.Id, ShadowAnswers, shadowOutcomes);
                TallyRows.MoveCursor(db, cursor, waiting.Count > 0 ? waiting[0].Number - 1 : read);
            },
            stop).ConfigureAwait(false);
        (place.Read, place.Waiting) = (read, waiting);
        Show(entry);
        return fresh.Labels.Count == MaxLabels ? TimeSpan.Zero : waiting.Count > 0 ? WaitingPause : Pause;
    }

    private static long? Position(Dictionary<Label, long> numbered, Label label) => numbered.TryGetValue(label, out long position) ? position : null;

    private void Show(DeploymentEntry entry) => board.Set(entry.Id, database.Read(db => (IReadOnlyList<ModelQuality>)
    [
        .. OutcomeRows.Figures(db, entry.Id, Answers, shadow: false, options.Value.QualityWindow),
        .. OutcomeRows.Figures(db, entry.Id, ShadowAnswers, shadow: true, options.Value.QualityWindow),
    ]));

    private async Task<List<Outcome>> AnswersAsync(string feed, string field, Dictionary<long, string> truths, CancellationToken stop)
    {
        var outcomes = new List<Outcome>();
        if (truths.Count == 0 || store.Find(feed) is null)
            return outcomes;
        (long first, long last) = (truths.Keys.Min(), truths.Keys.Max());

        // An answer has a higher position than its record.
        var query = new FeedQuery
        {
            Feed = feed,
            AfterPosition = first,
            Filter = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{PredictionSchema.SourceRow} >= {first} AND {PredictionSchema.SourceRow} <= {last}"),
        };
        await foreach (RecordBatch batch in store.ReadAsync(query, stop).ConfigureAwait(false))
        {
            using (batch)
            {
                int column = batch.Schema.IndexOf(field);
                ReadOnlySpan<long> rows = batch.Column(PredictionSchema.SourceRow).Values<long>();
                for (int row = 0; row < batch.Count && column >= 0; row++)
                {
                    // What the code could not answer is no answer, not a wrong one.
                    if (truths.TryGetValue(rows[row], out string? truth) && AnswerValue.Read(batch.Column(column), row) is { IsNone: false } answer)
                        outcomes.Add(new Outcome(rows[row], (string)batch.Column(PredictionSchema.Model).GetValue(row)!, truth, answer));
                }
            }
        }

        return outcomes;
    }

    /// <summary>How far one deployment is: what it has read, and what of that waits for an answer.</summary>
    private sealed class Place
    {
        public long Read { get; set; }

        public List<(long Number, Label Label)> Waiting { get; set; } = [];
    }
}

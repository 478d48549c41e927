using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Labelling;
using Mlops.Store.Queries;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Store.Selection;

/// <inheritdoc/>
internal sealed class TrainingSelection(FeedStore store, NodeDatabase database, IOptions<StoreOptions> options) : ITrainingSelection
{
    public async Task<SelectedData> SelectAsync(SelectionRequest request, CancellationToken cancellationToken)
    {
        FeedEntry feed = store.Catalog.Find(request.Feed) ?? throw new WorkflowException(
            $"There is no feed '{request.Feed}' to train from. Known: {string.Join(", ", store.List().Select(f => f.Schema.Feed).Take(20))}.");
        try
        {
            request = request with { Horizon = request.Horizon ?? Now(request) };
            List<ScanJoin> joins = Joins(request);
            SelectionPlan plan = await PlanAsync(feed, request, joins, cancellationToken).ConfigureAwait(false);
            return await CollectAsync(feed, request, plan, joins, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw new WorkflowException(e.Message, innerException: e);
        }
    }

    public async Task<SelectedData> RepeatAsync(DataSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        SelectionRequest request = SelectionRecording.Read(snapshot.Selection ?? throw new WorkflowException(
            $"What was selected of feed '{snapshot.Feed}' was not recorded: the model is of an earlier version. Select anew."));
        SelectedData data = await SelectAsync(request, cancellationToken).ConfigureAwait(false);
        if (data.Snapshot.Hash == snapshot.Hash)
            return data;
        data.Dispose();
        throw new WorkflowException(
            $"The selection of feed '{snapshot.Feed}' cannot be had again: it was {snapshot.Records} records with the hash {snapshot.Hash} and is now {data.Snapshot.Records} with {data.Snapshot.Hash}. Retention may have deleted records; select anew, or restore a backup.");
    }

    /// <summary>Everything that is there now, and nothing that arrives while it is read, in several goes.</summary>
    private SelectionHorizon Now(SelectionRequest request)
    {
        (long labels, long deletions) = database.Read(LabelRows.Newest);
        return new SelectionHorizon(
            request.Joins.Select(j => j.Feed).Append(request.Feed).Distinct(StringComparer.Ordinal).ToDictionary(id => id, id => store.Catalog.Find(id)?.LastPosition ?? 0, StringComparer.Ordinal),
            labels,
            deletions);
    }

    private List<ScanJoin> Joins(SelectionRequest request)
    {
        var joins = new List<ScanJoin>();
        foreach (JoinedFeed joined in request.Joins)
        {
            FeedEntry feed = store.Catalog.Find(joined.Feed) ?? throw new WorkflowException($"There is no feed '{joined.Feed}' to join. Known: {string.Join(", ", store.List().Select(f => f.Schema.Feed).Take(20))}.");
            if (joined.Tolerance is < 0)
                throw new WorkflowException($"The tolerance for feed '{joined.Feed}' is negative. Give how old its records may be, or leave it out for any age.");
            (FeedField Field, ScanColumn Column)[] columns = [.. joined.Inputs.Select(i => SelectionColumns.Bind(feed.Current, i.Input, i.Field, convert: true))];
            var query = new FeedQuery
            {
                Feed = feed.Id,
                From = request.From is { } from && joined.Tolerance is { } tolerance ? from - Math.Min(tolerance, from - long.MinValue) : null,
                To = request.To,
                ToPosition = request.Horizon!.Positions.GetValueOrDefault(feed.Id),
                MinimumQuality = request.MinimumQuality,
            };
            joins.Add(new ScanJoin(new FeedSource(feed, query), joins.Count, [.. columns.Select(c => c.Field)], [.. columns.Select(c => c.Column.Sql)], joined.Tolerance, joined.Required));
        }

        return joins;
    }

    private async Task<SelectionPlan> PlanAsync(FeedEntry feed, SelectionRequest request, IReadOnlyList<ScanJoin> joins, CancellationToken cancellationToken)
    {
        FeedRevision revision = feed.Current;
        string? group = request.Split is { Kind: SplitKind.Group, Field: { } field } && revision.Schema.IndexOf(field) >= 0 ? field : null;
        if (request.Label is not { } label)
            return new SelectionPlan(SelectionColumns.Of(revision, request, joins, null, null), null, null, revision, group);
        IReadOnlyList<Label> labels = database.Read(connection => LabelRows.List(connection, feed.Id, label, int.MaxValue, request.Horizon));
        if (labels.Count > 0)
        {
            labels = await new SequenceResolver(store).ResolveAsync(feed, Ranked(labels, request), cancellationToken).ConfigureAwait(false);
            return new SelectionPlan(SelectionColumns.Of(revision, request, joins, null, FieldType.Text), null, new LabelIndex(labels, revision.Schema), revision, group);
        }

        int index = revision.Schema.IndexOf(label);
        if (index < 0)
        {
            List<string> sets = database.Read(connection => LabelRows.Sets(connection, feed.Id));
            throw new WorkflowException(
                $"Feed '{feed.Id}' has neither labels of a set '{label}' nor a field '{label}'. Label sets: {(sets.Count == 0 ? "none" : string.Join(", ", sets))}. Fields: {string.Join(", ", revision.Schema.Fields.Select(f => f.Name))}. Add labels, or name one of these.");
        }

        return new SelectionPlan(SelectionColumns.Of(revision, request, joins, label, revision.Schema.Fields[index].Type), ScanCondition.HasValue(revision, index), null, revision, group);
    }

    // Labels come newest first; the sort is stable.
    private Label[] Ranked(IReadOnlyList<Label> labels, SelectionRequest request)
    {
        string[] sources = [.. request.LabelSources ?? [.. options.Value.LabelSources]];
        string[] authors = [.. request.LabelAuthors];
        return [.. labels.OrderBy(l => Place(sources, l.Source)).ThenBy(l => Place(authors, l.Author))];

        static int Place(string[] preferred, string? name) => Array.IndexOf(preferred, name) is >= 0 and int place ? place : int.MaxValue;
    }

    private async Task<SelectedData> CollectAsync(FeedEntry feed, SelectionRequest request, SelectionPlan plan, List<ScanJoin> joins, CancellationToken cancellationToken)
    {
        // The preferences of the node are part of what is recorded: they may be others at the next time.
        SelectionRequest recorded = request with { LabelSources = request.LabelSources ?? [.. options.Value.LabelSources] };
        ClassSampler? sampler = ClassSampler.Of(request, plan.HasLabel ? plan.Columns.WithLabel.Fields[^1].Type : null);
        using var collector = new SelectionCollector(plan, sampler, RowSplitter.Of(request.Split, feed.Current.Schema));
        List<ScanJoin> required = joins.FindAll(j => j.Required);

        // All readings see the same records, whatever arrives between them.
        var query = new FeedQuery
        {
            Feed = feed.Id,
            From = request.From,
            To = request.To,
            Filter = request.Filter,
            MinimumQuality = request.MinimumQuality,
            ToPosition = request.Horizon!.Positions.GetValueOrDefault(feed.Id),
        };
        if (request.Limit is { } limit)
            query = query with { AfterPosition = await FindStartAsync(feed, query, plan, required, limit, cancellationToken).ConfigureAwait(false) };
        if (sampler is not null)
            await CountAsync(feed, query, plan, required, sampler, cancellationToken).ConfigureAwait(false);
        await foreach (RecordBatch batch in ReadAhead.Of(store.ReadAsync(feed, query, plan.Data, joins, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            using (batch)
                collector.Add(batch);
        }

        return await collector.FinishAsync(feed.Id, recorded).ConfigureAwait(false) ?? throw await NothingAsync(feed, request, plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shows the class of each record that counts.</summary>
    private async Task CountAsync(FeedEntry feed, FeedQuery query, SelectionPlan plan, List<ScanJoin> joins, ClassSampler sampler, CancellationToken cancellationToken)
    {
        await foreach (RecordBatch batch in store.ReadAsync(feed, query, plan.Classes, joins, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    if (plan.Labels is null)
                        sampler.Show(batch.Positions[row], batch.Column(0).Utf8(row));
                    else if (plan.Labels.TryFind(batch, row, out ReadOnlySpan<byte> label))
                        sampler.Show(batch.Positions[row], label);
                }
            }
        }

        sampler.Decide();
    }

    /// <summary>Finds the position behind which the newest records lie that count, reading only what decides that.</summary>
    private async Task<long> FindStartAsync(FeedEntry feed, FeedQuery query, SelectionPlan plan, List<ScanJoin> joins, long limit, CancellationToken cancellationToken)
    {
        if (limit < 1)
            throw new WorkflowException($"The limit {limit} for feed '{feed.Id}' selects nothing. Give how many of the newest records are wanted, or leave it out.");
        long wanted = limit, start = 1;
        FeedQuery newestFirst = query with { Descending = true, Limit = plan.Labels is null ? limit : null };
        await foreach (RecordBatch batch in store.ReadAsync(feed, newestFirst, plan.Keys, joins, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count && wanted > 0; row++)
                {
                    if (plan.Labels is not null && !plan.Labels.TryFind(batch, row, out _))
                        continue;
                    wanted--;
                    start = batch.Positions[row];
                }
            }

            if (wanted == 0)
                return start - 1;
        }

        return 0;
    }

    private async Task<WorkflowException> NothingAsync(FeedEntry feed, SelectionRequest request, SelectionPlan plan, CancellationToken cancellationToken)
    {
        var query = new FeedQuery { Feed = feed.Id, From = request.From, To = request.To, Filter = request.Filter, MinimumQuality = request.MinimumQuality, Limit = 1 };
        bool any = false;
        await foreach (RecordBatch batch in store.ReadAsync(feed, query, new ScanProjection(new FeedSchema(feed.Id, []), []), cancellationToken).ConfigureAwait(false))
        {
            any = true;
            batch.Dispose();
        }

        string where = $"{(request.From is { } from ? $" from {EpochTime.ToDateTimeOffset(from):O}" : "")}{(request.To is { } to ? $" to {EpochTime.ToDateTimeOffset(to):O}" : "")}{(request.Filter is null ? "" : $" where {request.Filter}")}";
        return new WorkflowException(!any ? $"Feed '{feed.Id}' has no record{where}. Widen the selection, or let data arrive first."
            : plan.Labels is not null ? $"No record of feed '{feed.Id}'{where} has a label of the set '{request.Label}'. Add labels for these records, or widen the selection."
            : $"No record of feed '{feed.Id}'{where} has a value in the label's field '{request.Label}'. Widen the selection, or name another label.");
    }
}

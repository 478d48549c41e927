using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Labelling;
using Mlops.Store.Queries;
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
            SelectionPlan plan = await PlanAsync(feed, request, cancellationToken).ConfigureAwait(false);
            return await CollectAsync(feed, request, plan, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw new WorkflowException(e.Message, innerException: e);
        }
    }

    private async Task<SelectionPlan> PlanAsync(FeedEntry feed, SelectionRequest request, CancellationToken cancellationToken)
    {
        FeedRevision revision = feed.Current;
        if (request.Label is not { } label)
            return new SelectionPlan(SelectionColumns.Of(revision, request, null, null), null, null, revision);
        IReadOnlyList<Label> labels = database.Read(connection => LabelRows.List(connection, feed.Id, label, int.MaxValue));
        if (labels.Count > 0)
        {
            labels = await new SequenceResolver(store).ResolveAsync(feed, Ranked(labels), cancellationToken).ConfigureAwait(false);
            return new SelectionPlan(SelectionColumns.Of(revision, request, null, FieldType.Text), null, new LabelIndex(labels, revision.Schema), revision);
        }

        int index = revision.Schema.IndexOf(label);
        if (index < 0)
        {
            List<string> sets = database.Read(connection => LabelRows.Sets(connection, feed.Id));
            throw new WorkflowException(
                $"Feed '{feed.Id}' has neither labels of a set '{label}' nor a field '{label}'. Label sets: {(sets.Count == 0 ? "none" : string.Join(", ", sets))}. Fields: {string.Join(", ", revision.Schema.Fields.Select(f => f.Name))}. Add labels, or name one of these.");
        }

        return new SelectionPlan(SelectionColumns.Of(revision, request, label, revision.Schema.Fields[index].Type), $"{Sql.Identifier(revision.Columns[index])} IS NOT NULL", null, revision);
    }

    // Labels come newest first; the sort is stable.
    private Label[] Ranked(IReadOnlyList<Label> labels)
    {
        IList<string> sources = options.Value.LabelSources;
        return [.. labels.OrderBy(l => sources.IndexOf(l.Source) is >= 0 and int place ? place : int.MaxValue)];
    }

    private async Task<SelectedData> CollectAsync(FeedEntry feed, SelectionRequest request, SelectionPlan plan, CancellationToken cancellationToken)
    {
        using var collector = new SelectionCollector(plan);

        // Both readings see the same records, whatever arrives between them.
        var query = new FeedQuery { Feed = feed.Id, From = request.From, To = request.To, Filter = request.Filter, ToPosition = feed.LastPosition };
        if (request.Limit is { } limit)
            query = query with { AfterPosition = await FindStartAsync(feed, query, plan, limit, cancellationToken).ConfigureAwait(false) };
        await foreach (RecordBatch batch in store.ReadAsync(feed, query, plan.Data, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
                collector.Add(batch);
        }

        return collector.Finish(feed.Id, request) ?? throw await NothingAsync(feed, request, plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the position behind which the newest records lie that count, reading only what decides that.</summary>
    private async Task<long> FindStartAsync(FeedEntry feed, FeedQuery query, SelectionPlan plan, long limit, CancellationToken cancellationToken)
    {
        if (limit < 1)
            throw new WorkflowException($"The limit {limit} for feed '{feed.Id}' selects nothing. Give how many of the newest records are wanted, or leave it out.");
        long wanted = limit, start = 1;
        FeedQuery newestFirst = query with { Descending = true, Limit = plan.Labels is null ? limit : null };
        await foreach (RecordBatch batch in store.ReadAsync(feed, newestFirst, plan.Keys, cancellationToken).ConfigureAwait(false))
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
        var query = new FeedQuery { Feed = feed.Id, From = request.From, To = request.To, Filter = request.Filter, Limit = 1 };
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

using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Prediction.Quality;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Prediction.Backtests;

/// <summary>Does one backtest: loads the models, reads the records once, asks each model, compares. Binds and fills as predictions do.</summary>
internal sealed class BacktestRun(ModelLoader loader, ITrainingSelection selection, IFeedReader reader, IOptions<PredictionOptions> options)
{
    /// <summary>Runs.</summary>
    /// <param name="info">What is asked for, with every default filled in.</param>
    /// <param name="report">Hears how far it is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The results.</returns>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit, or the code fails.</exception>
    public async Task<BacktestInfo> RunAsync(BacktestInfo info, Func<BacktestInfo, Task> report, CancellationToken cancellationToken)
    {
        BacktestRequest request = info.Request;
        DeploymentRequest first = Request(request, request.Model);
        string feed = loader.FindFeed(first).Feed;
        await using var model = new BacktestModel(await loader.OpenAsync(first, cancellationToken).ConfigureAwait(false));
        await using BacktestModel? against = request.Against is null
            ? null
            : new BacktestModel(await loader.OpenAsync(Request(request, request.Against), cancellationToken).ConfigureAwait(false));
        (Dictionary<long, AnswerValue> labels, string? withoutLabels) = await LabelsAsync(request, feed, model.Model, cancellationToken).ConfigureAwait(false);
        using ImportanceSample? sample = request.Importance ? new ImportanceSample(labels, model.Model.Binding.RowsEach, options.Value.MaxBatch) : null;
        model.Sample = sample;
        FeedQuery query = request.HeldOut ? Around(labels, feed) : await QueryAsync(request, feed, cancellationToken).ConfigureAwait(false);

        // Windows are cut from all records, as predictions do; what is filtered are their labels.
        bool isWindowed = model.IsWindowed || against?.IsWindowed == true;
        if (isWindowed)
            query = query with { Filter = null };
        info = info with { WithoutLabels = withoutLabels };
        var agreement = new Tally();
        long begin = query.AfterPosition ?? -1;
        await foreach (RecordBatch batch in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                if (begin < 0)
                    begin = batch.Positions[0] - 1;
                foreach (RecordBatch chunk in Chunks(batch, request.HeldOut && !isWindowed ? labels : null))
                {
                    using RecordBatch records = chunk;
                    info = info with { Records = info.Records + records.Count, Labelled = info.Labelled + await CompareAsync(records, model, against, labels, agreement, cancellationToken).ConfigureAwait(false) };
                    double all = Math.Max(1, query.ToPosition!.Value - begin);
                    info = info with { Progress = Math.Min(1, (records.Positions[^1] - begin) / all) };
                    await report(info).ConfigureAwait(false);
                }
            }
        }

        if (info.Records == 0)
            throw new WorkflowException($"Feed '{feed}' has no record that the backtest asks for. Widen the time range or the filter.");
        BacktestResult result = model.Result;
        if (sample is not null)
            result = result with { Importance = await sample.MeasureAsync(model.Model, cancellationToken).ConfigureAwait(false) };
        return info with
        {
            Results = against is null ? [result] : [result, against.Result],
            Agreement = against is null ? null : agreement.Figures(),
        };
    }

    /// <summary>Makes batches of a size that models are asked in.</summary>
    private IEnumerable<RecordBatch> Chunks(RecordBatch batch, Dictionary<long, AnswerValue>? only)
    {
        int most = options.Value.MaxBatch;
        var chunk = new RecordBatchBuilder(batch.Schema, most);
        for (int row = 0; row < batch.Count;)
        {
            int count = only is null ? Math.Min(most - chunk.Count, batch.Count - row) : 1;
            if (only is null || only.ContainsKey(batch.Positions[row]))
                chunk.Append(batch, row, count);
            row += count;
            if (chunk.Count == most || (row == batch.Count && chunk.Count > 0))
                yield return chunk.Build();
        }
    }

    /// <summary>Returns what a deployment of one of the models would be asked for.</summary>
    public static DeploymentRequest Request(BacktestRequest request, string model) => new()
    {
        Workflow = "",
        Model = model,
        Feed = request.Feed,
        Inputs = request.Inputs,
        Tolerance = request.Tolerance,
        Fill = request.Fill,
    };

    private static async Task<long> CompareAsync(
        RecordBatch records, BacktestModel model, BacktestModel? against, Dictionary<long, AnswerValue> labels, Tally agreement, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<long, AnswerValue> answers = await model.AnswerAsync(records, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<long, AnswerValue>? others = against is null ? null : await against.AnswerAsync(records, cancellationToken).ConfigureAwait(false);
        long labelled = 0;
        foreach (long position in Positions(records, model, against, answers, others))
        {
            AnswerValue answer = answers.GetValueOrDefault(position), other = others?.GetValueOrDefault(position) ?? default;
            if (labels.TryGetValue(position, out AnswerValue label))
            {
                labelled++;
                model.Count(answer, label);
                against?.Count(other, label);
            }

            if (against is not null && !(answer.IsNone && other.IsNone))
                agreement.Add(other, answer);
        }

        return labelled;
    }

    // A window is answered when it has ended: then its last record is one of those before.
    private static IEnumerable<long> Positions(
        RecordBatch records, BacktestModel model, BacktestModel? against, IReadOnlyDictionary<long, AnswerValue> answers, IReadOnlyDictionary<long, AnswerValue>? others) =>
        model.IsWindowed || against?.IsWindowed == true ? answers.Keys.Union(others?.Keys ?? []).Order() : records.Positions.ToArray();

    private async Task<(Dictionary<long, AnswerValue> Labels, string? Without)> LabelsAsync(BacktestRequest request, string feed, ModelInPlace model, CancellationToken cancellationToken)
    {
        if (request.HeldOut)
            return (await HeldOutAsync(model, cancellationToken).ConfigureAwait(false), null);
        if ((request.Labels ?? model.LabelSet) is not { } set)
            return ([], "The model learned without labels, and the backtest names none.");
        var selected = new SelectionRequest { Feed = feed, Inputs = [], From = Nanoseconds(request.From), To = Nanoseconds(request.To), Filter = request.Filter, Label = set };
        try
        {
            using SelectedData data = await selection.SelectAsync(selected, cancellationToken).ConfigureAwait(false);
            return (Read(data.Data), null);
        }
        catch (WorkflowException e) when (request.Labels is null)
        {
            // Nobody asked for labels: the models can still be compared with each other.
            return ([], e.Message);
        }
    }

    private async Task<Dictionary<long, AnswerValue>> HeldOutAsync(ModelInPlace model, CancellationToken cancellationToken)
    {
        using SelectedData data = await selection.RepeatAsync(model.Info.Data, cancellationToken).ConfigureAwait(false);
        return data.HeldOut is { LabelType: not null } heldOut && heldOut.Rows > 0
            ? Read(heldOut)
            : throw new WorkflowException($"The training of model '{model.Info.Id}' held no labelled records out. Train with a split rule, or give a time range that the training did not see.");
    }

    private static Dictionary<long, AnswerValue> Read(TrainingData data)
    {
        var labels = new Dictionary<long, AnswerValue>();
        foreach (RecordBatch batch in data.Batches)
        {
            Column column = batch.Column(batch.Schema.Fields.Count - 1);
            for (int row = 0; row < batch.Count; row++)
                labels[batch.Positions[row]] = AnswerValue.Read(column, row);
        }

        return labels;
    }

    private static FeedQuery Around(Dictionary<long, AnswerValue> labels, string feed) =>
        new() { Feed = feed, AfterPosition = labels.Keys.Min() - 1, ToPosition = labels.Keys.Max() };

    private async Task<FeedQuery> QueryAsync(BacktestRequest request, string feed, CancellationToken cancellationToken)
    {
        var query = new FeedQuery
        {
            Feed = feed,
            From = Nanoseconds(request.From),
            To = Nanoseconds(request.To),
            Filter = request.Filter,
            ToPosition = reader.List().First(f => f.Schema.Feed == feed).LastPosition,
        };
        if (request.Limit is not { } limit)
            return query;
        long start = long.MaxValue;
        await foreach (RecordBatch batch in reader.ReadAsync(query with { Descending = true, Limit = limit }, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
                start = Math.Min(start, batch.Positions[^1]);
        }

        return start == long.MaxValue ? query : query with { AfterPosition = start - 1 };
    }

    private static long? Nanoseconds(DateTimeOffset? time) => time is { } at ? EpochTime.FromDateTimeOffset(at) : null;
}

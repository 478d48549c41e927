using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Prediction.Candidates;
using Mlops.Prediction.Drift;
using Mlops.Store;

namespace Mlops.Prediction;

/// <summary>
/// The loop of one deployment: takes what has arrived, calls the model once, hands the answers to the live tail (whence they are
/// published) and to the writer (which makes them durable after their records).
/// </summary>
/// <remarks>
/// Order within a feed is kept: one loop, one call at a time. A batch whose call fails is tried record by record; a record that
/// fails alone gets an answer without values that says why. When several in a row fail, the model is at fault: the deployment
/// pauses with back-off and then goes on with the same record, so that a better model can take over without any loss. When it is the
/// records that are at fault, such as frames that are gone from memory, it says so and goes on: no pause would bring them back.
/// </remarks>
internal sealed class DeploymentRunner(
    string id,
    string feed,
    Delivery delivery,
    IFeedStore store,
    IFeedReader reader,
    ILiveTail tail,
    AnswerWriter writer,
    PredictionInstruments instruments,
    PredictionOptions options,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly double MillisecondsPerTick = 1000.0 / Stopwatch.Frequency;
    private readonly KeyValuePair<string, object?> _tag = new("deployment", id);
    private readonly AnswerFailures _failures = new(id, options, time, logger);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<RecordBatch> _waiting = [];
    private readonly List<SourceRow> _rows = [];
    private ModelInPlace? _model;
    private Canary? _canary;
    private Canary? _answering;
    private RowSelection? _rest;
    private AnswerBuilder? _answers;
    private long _answered;

    /// <summary>Gets the number of records answered since the start.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Gets why the deployment is faulted; null while it is not.</summary>
    public string? Fault => _failures.Fault;

    /// <summary>Gets the loaded production model.</summary>
    public Workflows.IPredictor? Predictor => _model?.Predictor;

    /// <summary>Gets how far the newest records are from the model's training data.</summary>
    public DriftInfo? Drift => _model?.Drift?.Info;

    /// <summary>Lets another model take over between two batches; disposes the one before.</summary>
    public async Task SwapAsync(ModelInPlace model, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        ModelInPlace? old = _model;
        model.Binding.Anchor = old?.Binding.Anchor ?? model.Binding.Anchor;
        _model = model;
        _failures.Clear();
        _turn.Release();
        if (old is not null)
            await old.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets a canary answer its share from the next batch on, or ends the one there is.</summary>
    public async Task SetCanaryAsync(Canary? canary, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        Canary? old = _canary;
        _canary = canary;
        if (canary is not null)
            canary.Model.Binding.Anchor = _model?.Binding.Anchor;
        _turn.Release();
        if (old is not null)
            await old.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets somebody use the production model between two batches.</summary>
    /// <param name="use">Makes one call of the model, which nobody cancels: that could end the process in which it runs. Records wait meanwhile.</param>
    /// <param name="cancellationToken">Gives up waiting for the model.</param>
    /// <exception cref="Workflows.WorkflowException">The deployment has ended.</exception>
    public async Task BorrowAsync(Func<ModelInPlace, Task> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await use(_model ?? throw new Workflows.WorkflowException($"Deployment '{id}' does not run any more. Ask one that does.")).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Answers until stopped.</summary>
    /// <param name="model">The loaded model; the runner disposes it.</param>
    /// <param name="afterPosition">Position after which records are answered.</param>
    /// <param name="stop">Stops between two batches.</param>
    public async Task RunAsync(ModelInPlace model, long afterPosition, CancellationToken stop)
    {
        _model = model;
#pragma warning disable CA2012 // Each step is awaited or read once; the loop only looks whether the next one is there already.
        IAsyncEnumerator<RecordBatch> records = reader.FollowAsync(feed, afterPosition, stop).GetAsyncEnumerator(stop);
        try
        {
            bool more = await records.MoveNextAsync().ConfigureAwait(false);
            while (more)
            {
                int waiting = Take(records.Current);
                ValueTask<bool> next = records.MoveNextAsync();

                // Micro-batching: what has queued up while the model was busy is answered by one call.
                while (waiting < options.MaxBatch && next.IsCompletedSuccessfully)
                {
                    more = next.Result;
                    if (!more)
                        break;
                    waiting += Take(records.Current);
                    next = records.MoveNextAsync();
                }

                await AnswerWaitingAsync(waiting, stop).ConfigureAwait(false);
                if (more)
                    more = await next.ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping: what is not answered stays behind the cursor.
        }
        finally
        {
            ReleaseWaiting();
            await DisposeEnumeratorAsync(records).ConfigureAwait(false);
            await EndAsync().ConfigureAwait(false);
            if (_canary is not null)
                await _canary.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning restore CA2012
    }

    public void Dispose() => _turn.Dispose();

    // A MoveNextAsync that is under way when the loop ends has been cancelled by the same token; disposal waits for it.
    private static async ValueTask DisposeEnumeratorAsync(IAsyncEnumerator<RecordBatch> records)
    {
        try
        {
            await records.DisposeAsync().ConfigureAwait(false);
        }
        catch (NotSupportedException)
        {
            // An iterator refuses disposal while its next step is still ending; it releases what it holds when that has ended.
        }
    }

    // Who has borrowed the model gives it back first.
    private async Task EndAsync()
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        ModelInPlace model = _model!;
        _model = null;
        _turn.Release();
        await model.DisposeAsync().ConfigureAwait(false);
    }

    private int Take(RecordBatch batch)
    {
        _waiting.Add(batch);
        return batch.Count;
    }

    private void ReleaseWaiting()
    {
        foreach (RecordBatch batch in _waiting)
            batch.Dispose();
        _waiting.Clear();
    }

    private async Task AnswerWaitingAsync(int waiting, CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            long position = _waiting[^1].Positions[^1];
            int answerable = await AnswerAsync(stop).ConfigureAwait(false);
            if (answerable < waiting && _model!.Binding.RowsEach == 1)
                instruments.Skipped.Add(waiting - answerable, _tag);
            RecordBatch? answers = null;
            if (_answers is { Count: > 0 })
            {
                answers = _answers.Build(await ReserveAsync(_answers.Count, stop).ConfigureAwait(false));
                tail.Publish(answers);
                Interlocked.Add(ref _answered, answers.Count);
                instruments.Answered.Add(answers.Count, _tag);
            }

            await writer.AddAsync(answers, position, _model!.Binding.Anchor, Joined(), stop).ConfigureAwait(false);
        }
        finally
        {
            ReleaseWaiting();
            _turn.Release();
        }
    }

    private async ValueTask<int> AnswerAsync(CancellationToken stop)
    {
        ModelInPlace model = _model!;
        Canary? canary = _canary;

        // It may be replaced while a failing model pauses; what it has answered counts all the same.
        _answering = canary;
        int answered = canary is null ? 0 : await canary.AnswerAsync(_waiting, delivery == Delivery.Latest, stop).ConfigureAwait(false);
        try
        {
            return answered + await AnswerOthersAsync(model, answered > 0 ? canary : null, stop).ConfigureAwait(false);
        }
        finally
        {
            if (answered > 0)
                canary!.AddBefore(long.MaxValue, Builder(model));
            canary?.Reset();
            _answering = null;
        }
    }

    /// <summary>Lets the production model answer what the canary has not.</summary>
    private async ValueTask<int> AnswerOthersAsync(ModelInPlace model, Canary? canary, CancellationToken stop)
    {
        RecordBatch all;
        try
        {
            all = await BindAsync(model, stop).ConfigureAwait(false);
        }
        catch (Workflows.WorkflowException e)
        {
            // The feed changed so that it no longer fits; each record hears why.
            _rows.Clear();
            foreach (RecordBatch batch in _waiting)
            {
                for (int row = 0; row < batch.Count; row++)
                    _rows.Add(new SourceRow(batch, row));
            }

            _failures.Fail(e.Message);
            _rows.RemoveAll(r => canary?.HasAnswered(r.Position) == true);
            foreach (SourceRow row in _rows)
                AddFailure(model, row, Stopwatch.GetTimestamp(), 0, e.Message);
            return _rows.Count;
        }

        // The answered records of windows are in what was bound.
        using (all)
        using (RecordBatch? rest = canary is null ? null : Rest(all, model, canary))
        {
            RecordBatch inputs = rest ?? all;
            if (_rows.Count == 0)
                return 0;
            long called = Stopwatch.GetTimestamp();
            try
            {
                using RecordBatch answers = await model.Predictor.PredictAsync(inputs, stop).ConfigureAwait(false);
                double computeMs = Measure(called);
                model.Drift?.Observe(inputs, answers);
                for (int i = 0; i < _rows.Count; i++)
                    Add(model, _rows[i], answers, i, called, computeMs);
                _failures.Clear();
                return _rows.Count;
            }
            catch (Exception e) when (!stop.IsCancellationRequested && _rows.Count > 1)
            {
                _failures.Tell(_rows[0].Position, e.Message + " Trying its batch record by record.");
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                if (!await RepeatsAsync(e, model, _rows[0], called, stop).ConfigureAwait(false))
                    return 1;
            }

            for (int i = 0; i < _rows.Count; i++)
                await AnswerAloneAsync(model, inputs, i, stop).ConfigureAwait(false);
            return _rows.Count;
        }
    }

    /// <summary>Takes what the canary has not answered.</summary>
    private RecordBatch Rest(RecordBatch all, ModelInPlace model, Canary canary)
    {
        if (!ReferenceEquals(_rest?.Schema, all.Schema))
            _rest = new RowSelection(all.Schema, model.Binding.RowsEach);
        RecordBatch rest = _rest.Take(all, i => !canary.HasAnswered(_rows[i].Position));
        _rows.RemoveAll(r => canary.HasAnswered(r.Position));
        return rest;
    }

    /// <summary>Binds what waits; when the store cannot be read for now, waits until it can.</summary>
    private async ValueTask<RecordBatch> BindAsync(ModelInPlace model, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await model.Binding.BindAsync(_waiting, delivery == Delivery.Latest, _rows, stop).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                Log.StoreUnread(logger, id, e.Message, RetryDelay);
                await Task.Delay(RetryDelay, time, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task AnswerAloneAsync(ModelInPlace bound, RecordBatch batch, int index, CancellationToken stop)
    {
        SourceRow row = _rows[index];
        while (true)
        {
            // Another model may have taken over while one that fails paused.
            ModelInPlace model = _model!;
            long called = Stopwatch.GetTimestamp();
            try
            {
                using RecordBatch inputs = ReferenceEquals(model, bound) ? model.Binding.Take(batch, index) : await model.Binding.RebindAsync(row, batch, index, stop).ConfigureAwait(false);
                using RecordBatch answers = await model.Predictor.PredictAsync(inputs, stop).ConfigureAwait(false);
                Add(model, row, answers, 0, called, Measure(called));
                _failures.Clear();
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                if (!await RepeatsAsync(e, model, row, called, stop).ConfigureAwait(false))
                    return;
            }
        }
    }

    /// <summary>Answers that a record cannot be answered or, when the model has made it a habit, pauses.</summary>
    /// <returns>Whether the record is to be tried once more.</returns>
    private async Task<bool> RepeatsAsync(Exception reason, ModelInPlace model, SourceRow row, long called, CancellationToken stop)
    {
        if (_failures.Add(reason, row.Position) is not { } delay)
        {
            AddFailure(model, row, called, Measure(called), reason.Message);
            return false;
        }

        // Meanwhile another model may take over.
        _turn.Release();
        try
        {
            await Task.Delay(delay, time, stop).ConfigureAwait(false);
        }
        finally
        {
            await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Returns how far other feeds have been taken for the answers.</summary>
    private IReadOnlyList<(string Feed, long Position)> Joined() => _canary is null ? _model!.Binding.Joined : [.. _model!.Binding.Joined, .. _canary.Model.Binding.Joined];

    private void Add(ModelInPlace model, in SourceRow row, RecordBatch answers, int answerRow, long called, double computeMs)
    {
        Before(model, row).Add(row, model.Info.Id, answers, answerRow, called, computeMs, null);
        long arrival = row.Batch.Arrivals[row.Row];
        if (arrival != 0)
            instruments.IngestDuration.Record((called - arrival) * MillisecondsPerTick / 1000, _tag);
    }

    private void AddFailure(ModelInPlace model, in SourceRow row, long called, double computeMs, string reason)
    {
        instruments.Unanswerable.Add(1, _tag);
        Before(model, row).Add(row, model.Info.Id, null, 0, called, computeMs, reason);
    }

    // What the canary has answered comes between, in the order of the records.
    private AnswerBuilder Before(ModelInPlace model, in SourceRow row)
    {
        AnswerBuilder answers = Builder(model);
        _answering?.AddBefore(row.Position, answers);
        return answers;
    }

    // A model that takes over may answer with other fields; then the builder is for its schema. It is empty between two batches.
    // Of two models that answer side by side, the one declared later has the fields of both.
    private AnswerBuilder Builder(ModelInPlace model)
    {
        FeedSchema schema = _answering?.Model.Answers is { } other && (other.Version, other.Fields.Count).CompareTo((model.Answers.Version, model.Answers.Fields.Count)) > 0
            ? other
            : model.Answers;
        if (_answers is null || (!ReferenceEquals(_answers.Schema, schema) && _answers.Count == 0))
            _answers = new AnswerBuilder(schema);
        return _answers;
    }

    private double Measure(long called)
    {
        double milliseconds = (Stopwatch.GetTimestamp() - called) * MillisecondsPerTick;
        instruments.ComputeDuration.Record(milliseconds / 1000, _tag);
        instruments.BatchSize.Record(_rows.Count, _tag);
        return milliseconds;
    }

    private async ValueTask<long> ReserveAsync(int count, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await store.ReservePositionsAsync(count).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                Log.StoreRefused(logger, id, e.Message, RetryDelay);
                await Task.Delay(RetryDelay, time, stop).ConfigureAwait(false);
            }
        }
    }
}

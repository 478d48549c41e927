using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Data;

namespace Mlops.Prediction.Candidates;

/// <summary>
/// A candidate that answers its share of the records inside the deployment's loop. It comes before the production model, which
/// answers what the candidate could not: a candidate's fault costs nobody an answer. Used by that loop alone.
/// </summary>
internal sealed class Canary(string deployment, ModelInPlace model, double share, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int FailuresUntilRest = 8;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private readonly RowSelection _chosen = new(new FeedSchema(model.Info.Workflow, model.Info.Inputs), model.Binding.RowsEach);
    private readonly List<SourceRow> _bound = [];
    private readonly List<SourceRow> _rows = [];
    private RecordBatch? _asked;
    private RecordBatch? _answers;
    private int _next;
    private int _failures;
    private long _restSince;
    private long _answered;

    public ModelInPlace Model => model;

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Gets why it does not answer.</summary>
    public string? Fault { get; private set; }

    /// <summary>Gets the tick at which the model was called last.</summary>
    public long Called { get; private set; }

    public double ComputeMs { get; private set; }

    /// <summary>Answers its share of what waits.</summary>
    /// <returns>How many records it has answered.</returns>
    public async ValueTask<int> AnswerAsync(IReadOnlyList<RecordBatch> waiting, bool newestOnly, CancellationToken stop)
    {
        Reset();
        bool rests = _failures >= FailuresUntilRest && time.GetElapsedTime(_restSince) < Rest;
        if (rests && model.Binding.RowsEach == 1)
            return 0;
        try
        {
            // Windows need every record, also those that come while it rests.
            RecordBatch bound = _asked = await model.Binding.BindAsync(waiting, newestOnly, _bound, stop).ConfigureAwait(false);
            if (rests)
                return 0;
            for (int i = 0; i < _bound.Count; i++)
            {
                if (CanaryShare.Takes(_bound[i].Position, share))
                    _rows.Add(_bound[i]);
            }

            if (_rows.Count == 0)
                return 0;
            using RecordBatch inputs = _chosen.Take(bound, i => CanaryShare.Takes(_bound[i].Position, share));
            Called = Stopwatch.GetTimestamp();
            _answers = await model.Predictor.PredictAsync(inputs, stop).ConfigureAwait(false);
            ComputeMs = Stopwatch.GetElapsedTime(Called).TotalMilliseconds;
            (_failures, Fault) = (0, null);
            Interlocked.Add(ref _answered, _rows.Count);
            return _rows.Count;
        }
        catch (Workflows.WorkflowException e) when (e.IsOfRecord)
        {
            // Production tries them too, and says why.
            Reset();
            return 0;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            Reset();
            if (++_failures == 1 || _failures % FailuresUntilRest == 0)
                Log.CandidateFailed(logger, deployment, model.Info.Id, e.Message);
            if (_failures >= FailuresUntilRest)
                _restSince = time.GetTimestamp();
            Fault = e.Message;
            return 0;
        }
    }

    /// <summary>Tells whether it has answered a record of what waits.</summary>
    public bool HasAnswered(long position)
    {
        int low = 0;
        for (int high = _rows.Count - 1; low <= high;)
        {
            int middle = (low + high) / 2;
            if (_rows[middle].Position == position)
                return true;
            if (_rows[middle].Position < position)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return false;
    }

    /// <summary>Adds its answers for records before a position, so that answers keep the order of their records.</summary>
    public void AddBefore(long position, AnswerBuilder answers)
    {
        for (; _answers is not null && _next < _rows.Count && _rows[_next].Position < position; _next++)
            answers.Add(_rows[_next], model.Info.Id, _answers, _next, Called, ComputeMs, null);
    }

    /// <summary>Forgets what it has answered last.</summary>
    public void Reset()
    {
        _answers?.Dispose();
        _asked?.Dispose();
        (_answers, _asked) = (null, null);
        _rows.Clear();
        _next = 0;
    }

    /// <summary>Ends the model; what it has answered stays until <see cref="Reset"/>.</summary>
    public ValueTask DisposeAsync() => model.DisposeAsync();
}

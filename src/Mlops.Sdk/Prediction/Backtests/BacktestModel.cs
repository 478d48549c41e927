using System.Diagnostics;
using Mlops.Data;
using Mlops.Prediction.Quality;
using Mlops.Workflows;

namespace Mlops.Prediction.Backtests;

/// <summary>One model of a backtest: asks it, and counts how it does.</summary>
internal sealed class BacktestModel(ModelInPlace model) : IAsyncDisposable
{
    private const int FailuresUntilGivenUp = 100;
    private readonly List<SourceRow> _rows = [];
    private readonly Dictionary<long, AnswerValue> _answers = [];
    private readonly Tally _tally = new();
    private long _answered;
    private long _failed;
    private double _computeMs;

    public ModelInPlace Model => model;

    /// <summary>Gets or sets what inputs are kept in, for their importance; <see langword="null"/> when nobody asked for that.</summary>
    public ImportanceSample? Sample { get; set; }

    public bool IsWindowed => model.Binding.RowsEach > 1;

    public BacktestResult Result => new(model.Info.Id, _tally.Figures(), _answered, _failed, _computeMs);

    /// <summary>Answers a batch of the feed.</summary>
    /// <returns>The answers by position, valid until the next call.</returns>
    /// <exception cref="WorkflowException">The code fails whatever it is asked, or the feed does not fit.</exception>
    public async Task<IReadOnlyDictionary<long, AnswerValue>> AnswerAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        _answers.Clear();
        using RecordBatch inputs = await model.Binding.BindAsync([batch], false, _rows, cancellationToken).ConfigureAwait(false);
        if (_rows.Count == 0)
            return _answers;
        Sample?.Add(inputs, _rows);
        try
        {
            await PredictAsync(inputs, 0, cancellationToken).ConfigureAwait(false);
            return _answers;
        }
        catch (WorkflowException) when (_rows.Count > 1)
        {
            // One of them is at fault: which one shows when each is asked alone.
        }
        catch (WorkflowException e)
        {
            Fail(e);
            return _answers;
        }

        for (int i = 0; i < _rows.Count; i++)
        {
            using RecordBatch one = model.Binding.Take(inputs, i);
            try
            {
                await PredictAsync(one, i, cancellationToken).ConfigureAwait(false);
            }
            catch (WorkflowException e)
            {
                Fail(e);
            }
        }

        return _answers;
    }

    /// <summary>Counts an answer against its label.</summary>
    public void Count(AnswerValue answer, AnswerValue label) =>
        _tally.Add(answer.TruthOf(label), answer);

    public ValueTask DisposeAsync() => model.DisposeAsync();

    private async Task PredictAsync(RecordBatch inputs, int first, CancellationToken cancellationToken)
    {
        long called = Stopwatch.GetTimestamp();
        using RecordBatch answers = await model.Predictor.PredictAsync(inputs, cancellationToken).ConfigureAwait(false);
        _computeMs += Stopwatch.GetElapsedTime(called).TotalMilliseconds;
        Column column = answers.Column(model.AnswerField);
        for (int i = 0; i < answers.Count; i++)
            _answers[_rows[first + i].Position] = AnswerValue.Read(column, i);
        _answered += answers.Count;
    }

    private void Fail(WorkflowException reason)
    {
        if (++_failed >= FailuresUntilGivenUp && _answered == 0)
            throw new WorkflowException($"Model '{model.Info.Id}' could not answer any of the first {_failed} records: {reason.Message}", reason.Traceback, reason);
    }
}

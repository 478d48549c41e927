using Mlops.Data;
using Mlops.Prediction.Quality;
using Mlops.Store;

namespace Mlops.Prediction.Candidates;

/// <summary>Goes through the durable answers of a feed of predictions one by one.</summary>
internal sealed class AnswerHead(IFeedReader reader, string feed, string field, long afterPosition, CancellationToken stop) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<RecordBatch> _batches = reader.FollowAsync(feed, afterPosition, stop).GetAsyncEnumerator(stop);
    private RecordBatch? _batch;
    private int _index;

    /// <summary>Gets the position of the answer that was left behind last.</summary>
    public long Passed { get; private set; } = afterPosition;

    /// <summary>Gets the position of the answered record.</summary>
    public long Row { get; private set; }

    public AnswerValue Value { get; private set; }

    /// <summary>Goes on to the next answer; waits until there is one.</summary>
    public async ValueTask NextAsync()
    {
        if (_batch is not null)
            Passed = _batch.Positions[_index++];
        while (_batch is null || _index == _batch.Count)
        {
            _batch?.Dispose();
            _batch = null;
            if (!await _batches.MoveNextAsync().ConfigureAwait(false))
                throw new OperationCanceledException(stop);
            (_batch, _index) = (_batches.Current, 0);

            // An answer that a crash takes back is given again, and would count twice.
            await reader.WaitCommittedAsync(feed, _batch.Positions[^1], stop).ConfigureAwait(false);
        }

        Row = _batch.Column(PredictionSchema.SourceRow).Values<long>()[_index];
        int column = _batch.Schema.IndexOf(field);
        Value = column < 0 ? default : AnswerValue.Read(_batch.Column(column), _index);
    }

    public async ValueTask DisposeAsync()
    {
        _batch?.Dispose();
        _batch = null;
        await _batches.DisposeAsync().ConfigureAwait(false);
    }
}

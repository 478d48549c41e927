using Mlops.Data;
using Mlops.Workflows;
using Mlops.Workflows.Windows;

namespace Mlops.Prediction.Inputs;

/// <summary>Turns batches of a feed into windows. The last row of each stands for the record that is answered.</summary>
internal sealed class WindowBinding : IInputBinding
{
    private readonly WindowSource _source;
    private readonly RecordBatchBuilder _builder;

    /// <summary>Binds.</summary>
    /// <param name="source">Cuts the windows.</param>
    /// <param name="feed">Id of the feed whose records are answered.</param>
    public WindowBinding(WindowSource source, string feed)
    {
        _source = source;
        _builder = new RecordBatchBuilder(new FeedSchema(feed, source.Inputs.Fields));
    }

    public int RowsEach => _source.Window.Rows;

    public IReadOnlyList<(string Feed, long Position)> Joined => _source.Joined;

    public long? Anchor
    {
        get => _source.Anchor;
        set => _source.Anchor = value;
    }

    public async ValueTask<RecordBatch> BindAsync(IReadOnlyList<RecordBatch> batches, bool newestOnly, List<SourceRow> rows, CancellationToken cancellationToken)
    {
        IReadOnlyList<CutWindow> windows = await _source.CutAsync(batches, cancellationToken).ConfigureAwait(false);
        rows.Clear();
        _builder.Truncate(0);
        for (int i = newestOnly ? Math.Max(0, windows.Count - 1) : 0; i < windows.Count; i++)
            windows[i].AppendTo(_builder);
        RecordBatch bound = _builder.Build();
        for (int last = RowsEach - 1; last < bound.Count; last += RowsEach)
            rows.Add(new SourceRow(bound, last));
        return bound;
    }

    // Which records were in the window is known no more, but their values are, and they suit a model with the same inputs.
    public ValueTask<RecordBatch> RebindAsync(SourceRow source, RecordBatch bound, int answer, CancellationToken cancellationToken)
    {
        bool same = bound.Schema.Fields.SequenceEqual(_source.Inputs.Fields) && (source.Row + 1) % RowsEach == 0 && (source.Row + 1) / RowsEach == answer + 1;
        return same ? new(Take(bound, answer)) : throw new WorkflowException(
            $"The window that ends with record {source.Position} was cut for a model that has been replaced by one with other windows. The next window is answered by that one.");
    }

    public RecordBatch Take(RecordBatch bound, int answer)
    {
        _builder.Truncate(0);
        _builder.Append(bound, answer * RowsEach, RowsEach);
        return _builder.Build();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}

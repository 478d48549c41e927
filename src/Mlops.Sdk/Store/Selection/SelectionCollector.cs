using Mlops.Data;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Store.Selection;

/// <summary>Collects selected records into blocks of one size, with their labels, and their hash.</summary>
internal sealed class SelectionCollector : IDisposable
{
    private readonly SelectionPlan _plan;
    private readonly SelectionHash _hash;
    private readonly RecordBatchBuilder _builder;
    private readonly int[] _columns;
    private readonly List<RecordBatch> _blocks = [];
    private bool _finished;

    public SelectionCollector(SelectionPlan plan)
    {
        _plan = plan;
        _hash = new SelectionHash(Schema);
        _builder = new RecordBatchBuilder(Schema, 1024);
        _columns = [.. Enumerable.Range(0, Schema.Fields.Count)];
    }

    private FeedSchema Schema => _plan.Columns.WithLabel;

    /// <summary>Adds the records of a batch that count.</summary>
    public void Add(RecordBatch batch)
    {
        using RecordBatch columns = batch.Project(Schema, _columns);
        for (int start = 0; start < batch.Count;)
        {
            int room = SelectionHash.BlockRows - _builder.Count;
            start += _plan.Labels is null ? AddRows(columns, start, Math.Min(room, batch.Count - start)) : AddLabelled(batch, columns, start, room);
            if (_builder.Count == SelectionHash.BlockRows)
                EndBlock();
        }
    }

    /// <summary>Ends the selection.</summary>
    /// <returns>The data, or <see langword="null"/> when no record counted.</returns>
    public SelectedData? Finish(string feed, SelectionRequest request)
    {
        if (_builder.Count > 0)
            EndBlock();
        if (_blocks.Count == 0)
            return null;
        var data = new TrainingData
        {
            Inputs = _plan.Columns.Inputs,
            Batches = _blocks,
            LabelType = request.Label is null ? null : Schema.Fields[^1].Type,
        };
        _finished = true;
        return new SelectedData(data, new DataSnapshot(feed, data.Rows, _blocks[0].Positions[0], _blocks[^1].Positions[^1], request.Filter, request.Label, _hash.Finish()));
    }

    public void Dispose()
    {
        _hash.Dispose();
        if (_finished)
            return;
        foreach (RecordBatch block in _blocks)
            block.Dispose();
    }

    private int AddRows(RecordBatch columns, int start, int count)
    {
        _builder.Append(columns, start, count);
        return count;
    }

    /// <summary>Adds a run of labelled rows, or passes one that has no label.</summary>
    private int AddLabelled(RecordBatch batch, RecordBatch columns, int start, int room)
    {
        int count = 0;
        while (count < room && start + count < batch.Count && _plan.Labels!.TryFind(batch, start + count, out _))
            count++;
        if (count == 0)
            return 1;
        int first = _builder.Count;
        _builder.Append(columns, start, count);
        for (int i = 0; i < count; i++)
        {
            _plan.Labels!.TryFind(batch, start + i, out ReadOnlySpan<byte> label);
            _builder.SetTextAt(Schema.Fields.Count - 1, first + i, label);
        }

        return count;
    }

    private void EndBlock()
    {
        RecordBatch block = _builder.Build();
        _blocks.Add(block);
        _hash.Add(block);
    }
}

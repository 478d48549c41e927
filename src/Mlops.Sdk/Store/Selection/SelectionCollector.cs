using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Store.Selection;

/// <summary>
/// Collects selected records with their labels, and their hash. Batches of which every record counts are kept as they were read; of
/// others those that count are copied together.
/// </summary>
internal sealed class SelectionCollector : IDisposable
{
    private const int LargeBatchRows = 4096;
    private readonly SelectionPlan _plan;
    private readonly ClassSampler? _sampler;
    private readonly RowSplitter? _splitter;
    private readonly BackgroundHash _hash;
    private readonly RecordBatchBuilder _builder;
    private readonly int[] _columns;
    private readonly List<RecordBatch> _blocks = [];
    private bool _finished;

    public SelectionCollector(SelectionPlan plan, ClassSampler? sampler = null, RowSplitter? splitter = null)
    {
        _plan = plan;
        _sampler = sampler;
        _splitter = splitter;
        _hash = new BackgroundHash(Schema);
        _builder = new RecordBatchBuilder(Schema, 1024);
        _columns = [.. Enumerable.Range(0, Schema.Fields.Count)];
    }

    private FeedSchema Schema => _plan.Columns.WithLabel;

    /// <summary>Adds the records of a batch that count.</summary>
    public void Add(RecordBatch batch)
    {
        RecordBatch columns = batch.Project(Schema, _columns);
        if (_plan.Labels is null && _sampler is null)
        {
            Note(batch, 0, batch.Count);
            AddAll(columns);
            return;
        }

        using (columns)
            AddChosen(batch, columns);
    }

    private void AddAll(RecordBatch columns)
    {
        if (columns.Count >= LargeBatchRows)
        {
            KeepCopied();
            Keep(columns);
            return;
        }

        // Memory is taken for a whole batch each time, so small ones are put together.
        using (columns)
            _builder.Append(columns, 0, columns.Count);
        if (_builder.Count >= SelectionHash.BlockRows)
            KeepCopied();
    }

    private void AddChosen(RecordBatch batch, RecordBatch columns)
    {
        for (int start = 0; start < batch.Count;)
        {
            int room = SelectionHash.BlockRows - _builder.Count;
            start += AddChosen(batch, columns, start, room);
            if (_builder.Count == SelectionHash.BlockRows)
                KeepCopied();
        }
    }

    /// <summary>Ends the selection.</summary>
    /// <returns>The data, or <see langword="null"/> when no record counted.</returns>
    public async Task<SelectedData?> FinishAsync(string feed, SelectionRequest request)
    {
        KeepCopied();
        if (_blocks.Count == 0)
            return null;
        string hash = await _hash.FinishAsync().ConfigureAwait(false);
        var snapshot = new DataSnapshot(feed, _blocks.Sum(b => (long)b.Count), _blocks[0].Positions[0], _blocks[^1].Positions[^1], request.Filter, request.Label, hash) { Selection = SelectionRecording.Write(request) };
        _finished = true;
        if (_splitter is null)
            return new SelectedData(DataOf(_blocks, request), snapshot);
        (List<RecordBatch> kept, List<RecordBatch> heldOut) = _splitter.Part(_blocks);
        if (kept.Count > 0)
            return new SelectedData(DataOf(kept, request), snapshot with { HeldOut = heldOut.Sum(b => (long)b.Count) }) { HeldOut = DataOf(heldOut, request) };
        heldOut.ForEach(b => b.Dispose());
        throw new WorkflowException($"All {snapshot.Records} selected records of feed '{feed}' would be held out. Hold out less, or select more.");
    }

    public void Dispose()
    {
        _hash.Dispose();
        _builder.Close();
        if (_finished)
            return;
        foreach (RecordBatch block in _blocks)
            block.Dispose();
    }

    private TrainingData DataOf(List<RecordBatch> batches, SelectionRequest request) => new()
    {
        Inputs = _plan.Columns.Inputs,
        Batches = batches,
        LabelType = request.Label is null ? null : Schema.Fields[^1].Type,
    };

    /// <summary>Adds a run of records that have a label and a place in the sample, or passes one that has not.</summary>
    private int AddChosen(RecordBatch batch, RecordBatch columns, int start, int room)
    {
        int count = 0;
        while (count < room && start + count < batch.Count && IsChosen(batch, columns, start + count))
            count++;
        if (count == 0)
            return 1;
        int first = _builder.Count;
        _builder.Append(columns, start, count);
        Note(batch, start, count);
        for (int i = 0; _plan.Labels is not null && i < count; i++)
        {
            _plan.Labels.TryFind(batch, start + i, out ReadOnlySpan<byte> label);
            _builder.SetTextAt(Schema.Fields.Count - 1, first + i, label);
        }

        return count;
    }

    private bool IsChosen(RecordBatch batch, RecordBatch columns, int row)
    {
        if (_plan.Labels is not null)
            return _plan.Labels.TryFind(batch, row, out ReadOnlySpan<byte> label) && _sampler?.Keeps(batch.Positions[row], label) != false;
        Column field = columns.Column(Schema.Fields.Count - 1);
        return _sampler!.Keeps(batch.Positions[row], field.Type == FieldType.Text ? field.Utf8(row) : Encoding.UTF8.GetBytes(TextOf(field, row)));
    }

    // As the engine casts them to text, which is how the sampler was shown them.
    private static string TextOf(Column field, int row) => field.Type switch
    {
        FieldType.Boolean => field.Values<byte>()[row] != 0 ? "true" : "false",
        FieldType.UInt64 => field.Values<ulong>()[row].ToString(CultureInfo.InvariantCulture),
        _ => field.Values<long>()[row].ToString(CultureInfo.InvariantCulture),
    };

    private void Note(RecordBatch batch, int start, int count)
    {
        if (_splitter is null)
            return;

        // Behind the training's columns stands the field of the groups, if the rule has one.
        Column group = batch.Column(Math.Min(Schema.Fields.Count, batch.Schema.Fields.Count - 1));
        for (int row = start; row < start + count; row++)
            _splitter.Note(batch.Positions[row], group, row);
    }

    private void KeepCopied()
    {
        if (_builder.Count > 0)
            Keep(_builder.Build());
    }

    private void Keep(RecordBatch block)
    {
        _blocks.Add(block);
        _hash.Add(block);
    }
}

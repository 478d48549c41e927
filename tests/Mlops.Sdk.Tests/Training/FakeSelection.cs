using System.Text;
using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>A store of two columns and a label.</summary>
internal sealed class FakeSelection : ITrainingSelection
{
    private static readonly FeedSchema Inputs = new("cutter", [new FeedField("a", FieldType.Float64), new FeedField("b", FieldType.Float64)]);
    private RecordBatch? _last;

    public Func<SelectionRequest, SelectedData>? Select { get; set; }

    public SelectionRequest? Request { get; private set; }

    /// <summary>Gets a value indicating whether the batch handed out last was given back.</summary>
    public bool Returned
    {
        get
        {
            try
            {
                _ = _last!.Positions;
                return false;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public Task<SelectedData> SelectAsync(SelectionRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Select?.Invoke(request) ?? Labelled("left", "right", "left"));
    }

    public Task<SelectedData> RepeatAsync(DataSnapshot snapshot, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Makes one record a label.</summary>
    public SelectedData Labelled(params string[] labels)
    {
        var builder = new RecordBatchBuilder(new FeedSchema("cutter", [.. Inputs.Fields, new FeedField("side", FieldType.Text)]));
        foreach (string label in labels)
        {
            builder.BeginRow(1);
            builder.SetFloat64(0, 1);
            builder.SetFloat64(1, 2);
            builder.SetText(2, Encoding.UTF8.GetBytes(label));
            builder.EndRow();
        }

        _last = builder.Build(100);
        return new SelectedData(
            new TrainingData { Inputs = Inputs, Batches = [_last], LabelType = FieldType.Text },
            new DataSnapshot("cutter", labels.Length, 100, 99 + labels.Length, null, "side", "abcdef"));
    }
}

using System.Numerics;
using Mlops.Data;
using Mlops.Pictures;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime;

/// <summary>
/// A predictor of pictures that is asked in portions, so that the pixels of one call have a bound: what has queued up may be hundreds of
/// records, and a picture many megabytes. Whoever asks sees one call.
/// </summary>
internal sealed class PicturePortions(IPredictor predictor, PredictorRequest request, long mostBytes = PicturePortions.MostBytes) : IPredictor
{
    /// <summary>Bytes of pixels in one call; one picture may have more.</summary>
    public const long MostBytes = 64 << 20;

    private readonly InputPictures _pictures = new(request.Pictures, request.Package);
    private readonly int[] _columns = [.. InputKinds.Of(request.Package.Manifest, request.Inputs).Index().Where(kind => kind.Item == ColumnKind.Image).Select(kind => kind.Index)];
    private readonly RecordBatchBuilder _portion = new(request.Inputs);
    private readonly RecordBatchBuilder _answers = new(predictor.Output);

    public FeedSchema Output => predictor.Output;

    public string Mode => predictor.Mode;

    public string? ModeReason => predictor.ModeReason;

    public int? ProcessId => predictor.ProcessId;

    public PredictorMemory? Memory => predictor.Memory;

    public string? Interruption => predictor.Interruption;

    public ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int rows = batch.Count < 2 ? 1 : RowsAtOnce(batch);
        return batch.Count <= rows ? predictor.PredictAsync(batch, cancellationToken) : PredictAsync(batch, rows, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await predictor.DisposeAsync().ConfigureAwait(false);
        _portion.Close();
        _answers.Close();
    }

    private async ValueTask<RecordBatch> PredictAsync(RecordBatch batch, int rows, CancellationToken cancellationToken)
    {
        try
        {
            for (int first = 0; first < batch.Count; first += rows)
            {
                _portion.Append(batch, first, Math.Min(rows, batch.Count - first));
                using RecordBatch portion = _portion.Build();
                using RecordBatch answers = await predictor.PredictAsync(portion, cancellationToken).ConfigureAwait(false);
                _answers.Append(answers, 0, answers.Count);
            }

            return _answers.Build();
        }
        finally
        {
            _answers.Truncate(0);
        }
    }

    // A power of two, as memory for rows grows.
    private int RowsAtOnce(RecordBatch batch)
    {
        long bytes = 0;
        foreach (int column in _columns)
        {
            using IPicture first = _pictures.Open(batch.Column(column), 0);
            bytes += (long)first.Width * first.Height * first.Channels;
        }

        return (int)Math.Min(int.MaxValue, 1L << BitOperations.Log2((ulong)Math.Max(1, mostBytes / Math.Max(1, bytes))));
    }
}

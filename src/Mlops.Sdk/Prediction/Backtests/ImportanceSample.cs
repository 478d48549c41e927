using Mlops.Data;
using Mlops.Prediction.Quality;
using Mlops.Workflows;

namespace Mlops.Prediction.Backtests;

/// <summary>
/// Keeps some labelled inputs of a backtest and finds with them how much the answers depend on each input: the input's values are
/// shuffled among the records, and what the answers lose is its importance (Breiman 2001, permutation importance).
/// </summary>
internal sealed class ImportanceSample(IReadOnlyDictionary<long, AnswerValue> labels, int rowsEach, int maxBatch) : IDisposable
{
    private const int MaxRecords = 2000;
    private const int Seed = 17;
    private readonly List<AnswerValue> _labels = [];
    private RecordBatchBuilder? _kept;

    /// <summary>Keeps what has a label, while there is room.</summary>
    public void Add(RecordBatch inputs, IReadOnlyList<SourceRow> rows)
    {
        _kept ??= new RecordBatchBuilder(inputs.Schema);
        for (int row = 0; row < rows.Count && _labels.Count < MaxRecords; row++)
        {
            if (!labels.TryGetValue(rows[row].Position, out AnswerValue label))
                continue;
            _kept.Append(inputs, row * rowsEach, rowsEach);
            _labels.Add(label);
        }
    }

    /// <summary>Asks the model again, once for each input.</summary>
    /// <returns>The losses, largest first; <see langword="null"/> without labels.</returns>
    /// <exception cref="WorkflowException">The code fails on inputs that it has answered before.</exception>
    public async Task<IReadOnlyList<InputLoss>?> MeasureAsync(ModelInPlace model, CancellationToken cancellationToken)
    {
        if (_labels.Count == 0)
            return null;
        using RecordBatch inputs = _kept!.Build();
        double right = await ErrorAsync(model, inputs, cancellationToken).ConfigureAwait(false);
        var losses = new List<InputLoss>();
        for (int column = 0; column < inputs.Schema.Fields.Count; column++)
        {
            using RecordBatch shuffled = ColumnShuffle.Of(inputs, column, rowsEach, Seed);
            losses.Add(new InputLoss(inputs.Schema.Fields[column].Name, await ErrorAsync(model, shuffled, cancellationToken).ConfigureAwait(false) - right));
        }

        return [.. losses.OrderByDescending(l => l.Loss)];
    }

    public void Dispose() => _kept?.Close();

    private async Task<double> ErrorAsync(ModelInPlace model, RecordBatch inputs, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        var chunk = new RecordBatchBuilder(inputs.Schema, maxBatch * rowsEach);
        for (int first = 0; first < _labels.Count; first += maxBatch)
        {
            chunk.Append(inputs, first * rowsEach, Math.Min(maxBatch, _labels.Count - first) * rowsEach);
            using RecordBatch asked = chunk.Build();
            using RecordBatch answers = await model.Predictor.PredictAsync(asked, cancellationToken).ConfigureAwait(false);
            Column column = answers.Column(model.AnswerField);
            for (int row = 0; row < answers.Count; row++)
            {
                AnswerValue answer = AnswerValue.Read(column, row);
                tally.Add(answer.TruthOf(_labels[first + row]), answer);
            }
        }

        AnswerFigures figures = tally.Figures();
        return figures.RootMeanSquareError ?? (1 - (figures.Accuracy ?? 0));
    }
}

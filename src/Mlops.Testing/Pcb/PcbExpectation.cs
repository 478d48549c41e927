namespace Mlops.Testing.Pcb;

/// <summary>
/// Computes from the generator's own probabilities how well the best possible classifier does on the pads that were
/// added: the yardstick for a trained model. Not thread-safe.
/// </summary>
public sealed class PcbExpectation
{
    private const int Classes = 3;

    // Expected confusion matrix: [label written, best answer], in records.
    private readonly double[,] _confusion = new double[Classes, Classes];

    /// <summary>Gets the number of pads added.</summary>
    public long Records { get; private set; }

    /// <summary>Gets the expected accuracy of the best classifier against the inspector's labels (the mean of max P(label | measurements)); NaN without records.</summary>
    public double BestAccuracy
    {
        get
        {
            var correct = 0.0;
            for (var c = 0; c < Classes; c++)
                correct += _confusion[c, c];
            return correct / Records;
        }
    }

    /// <summary>Gets the macro F1 of that classifier, from the expected confusion matrix; NaN without records.</summary>
    public double BestMacroF1
    {
        get
        {
            var sum = 0.0;
            for (var c = 0; c < Classes; c++)
                sum += 2 * _confusion[c, c] / (Written(c) + Answered(c));
            return sum / Classes;
        }
    }

    /// <summary>Adds one pad.</summary>
    /// <param name="pad">The pad.</param>
    public void Add(in PcbPad pad)
    {
        Records++;
        for (var c = 0; c < Classes; c++)
            _confusion[c, (int)pad.BestGuess] += pad.LabelProbabilities[(PcbLabel)c];
    }

    /// <summary>Returns the expected share of records that get a label, 0 to 1; NaN without records.</summary>
    /// <param name="label">The label.</param>
    /// <returns>The share.</returns>
    public double Share(PcbLabel label) => Written((int)label) / Records;

    private double Written(int label)
    {
        var sum = 0.0;
        for (var c = 0; c < Classes; c++)
            sum += _confusion[label, c];
        return sum;
    }

    private double Answered(int label)
    {
        var sum = 0.0;
        for (var c = 0; c < Classes; c++)
            sum += _confusion[c, label];
        return sum;
    }
}

namespace Mlops.Testing.Pcb;

/// <summary>Is one inspected pad: what the machine measured and said, and what the inspector will write about it.</summary>
public readonly record struct PcbPad
{
    /// <summary>Gets the number of the pad in its stream, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>Gets the 16 measurements, rounded as the machine publishes them.</summary>
    public required PcbMeasurements Measurements { get; init; }

    /// <summary>Gets what the machine says by its limits; a function of the measurements.</summary>
    public required PcbVerdict Verdict { get; init; }

    /// <summary>Gets what an inspector who never errs would write.</summary>
    public required PcbLabel TrueLabel { get; init; }

    /// <summary>Gets what the inspector writes, mistakes included.</summary>
    public required PcbLabel Label { get; init; }

    /// <summary>Gets the probabilities from which <see cref="Label"/> was drawn.</summary>
    public required PcbProbabilities LabelProbabilities { get; init; }

    /// <summary>Gets the likeliest label given the measurements: what the best possible classifier answers.</summary>
    public PcbLabel BestGuess => LabelProbabilities.Best;
}

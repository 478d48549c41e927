namespace Mlops.Testing.Pcb;

/// <summary>Tells with what probability the inspector writes each label, given the 16 measurements.</summary>
/// <param name="Ok">The probability of <see cref="PcbLabel.Ok"/>, 0 to 1.</param>
/// <param name="Error">The probability of <see cref="PcbLabel.Error"/>, 0 to 1.</param>
/// <param name="PseudoError">The probability of <see cref="PcbLabel.PseudoError"/>, 0 to 1.</param>
public readonly record struct PcbProbabilities(double Ok, double Error, double PseudoError)
{
    /// <summary>Gets the likeliest label: what the best possible classifier answers.</summary>
    public PcbLabel Best =>
        Ok >= Error && Ok >= PseudoError ? PcbLabel.Ok
        : Error >= PseudoError ? PcbLabel.Error
        : PcbLabel.PseudoError;

    /// <summary>Gets the probability of <see cref="Best"/>.</summary>
    public double BestProbability => this[Best];

    /// <summary>Gets the probability of one label.</summary>
    /// <param name="label">The label.</param>
    public double this[PcbLabel label] => label switch
    {
        PcbLabel.Ok => Ok,
        PcbLabel.Error => Error,
        _ => PseudoError,
    };
}

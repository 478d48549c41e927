namespace Mlops.Prediction.Drift;

/// <summary>How far a deployment's newest records are from the data its model learned from.</summary>
/// <param name="Records">How many records the figures are about.</param>
/// <param name="Drifted">Whether a figure rose to the threshold and not all have come back below the lower one since.</param>
/// <param name="Figures">The figures: of the inputs, in the model's order, and of the answers.</param>
public sealed record DriftInfo(int Records, bool Drifted, IReadOnlyList<DriftFigures> Figures);

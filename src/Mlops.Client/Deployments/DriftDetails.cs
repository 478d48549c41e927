namespace Mlops.Client;

/// <summary>How far newest records are from the training data.</summary>
/// <param name="Records">Over how many records it was measured.</param>
/// <param name="Drifted">Whether it counts as drifted.</param>
/// <param name="Figures">The inputs and the answer.</param>
public sealed record DriftDetails(int Records, bool Drifted, IReadOnlyList<DriftFigureDetails> Figures);

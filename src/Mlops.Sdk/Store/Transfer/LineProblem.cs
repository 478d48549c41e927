namespace Mlops.Store.Transfer;

/// <summary>Why a line of an imported text was not taken.</summary>
/// <param name="Line">Number of the line on which the row begins, from 1.</param>
/// <param name="Reason">What is wrong with it, and in which column.</param>
public sealed record LineProblem(long Line, string Reason);

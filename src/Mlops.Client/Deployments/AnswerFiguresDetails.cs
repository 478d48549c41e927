namespace Mlops.Client;

/// <summary>How answers compare with what was expected.</summary>
/// <param name="Count">How many were compared.</param>
/// <param name="Accuracy">The share that matches.</param>
/// <param name="MacroF1">The unweighted mean of the classes' F1.</param>
/// <param name="MeanAbsoluteError">The mean absolute error of numbers.</param>
/// <param name="RootMeanSquareError">The root of the mean squared error of numbers.</param>
/// <param name="Classes">The classes.</param>
/// <param name="Confusion">How often which class was answered for which.</param>
public sealed record AnswerFiguresDetails(
    long Count,
    double? Accuracy = null,
    double? MacroF1 = null,
    double? MeanAbsoluteError = null,
    double? RootMeanSquareError = null,
    IReadOnlyList<ClassDetails>? Classes = null,
    IReadOnlyList<ConfusionDetails>? Confusion = null);

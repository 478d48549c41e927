namespace Mlops.Prediction.Quality;

/// <summary>How answers compare with what was expected: labels, or another model's answers.</summary>
public sealed record AnswerFigures
{
    /// <summary>Gets how many answers were compared.</summary>
    public long Count { get; init; }

    /// <summary>Gets the share that matches: equal classes, or numbers within a thousandth; <see langword="null"/> when nothing was compared.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Gets the unweighted mean of the classes' F1; <see langword="null"/> for numbers.</summary>
    public double? MacroF1 { get; init; }

    /// <summary>Gets the mean absolute error; <see langword="null"/> for classes.</summary>
    public double? MeanAbsoluteError { get; init; }

    /// <summary>Gets the root of the mean squared error; <see langword="null"/> for classes.</summary>
    public double? RootMeanSquareError { get; init; }

    /// <summary>Gets the classes, by name; empty for numbers.</summary>
    public IReadOnlyList<ClassFigures> Classes { get; init; } = [];

    /// <summary>Gets how often which class was answered for which; empty for numbers.</summary>
    public IReadOnlyList<ConfusionCell> Confusion { get; init; } = [];
}

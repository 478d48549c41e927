namespace Mlops.Testing.Csv;

/// <summary>Says that the label column holds a quantity instead of classes, or classes instead of a quantity.</summary>
public sealed class CsvRegressionException : CsvException
{
    private CsvRegressionException(string file, string column, string problem)
        : base(file, $"the label column '{column}' {problem}") =>
        Column = column;

    /// <summary>Gets the label column.</summary>
    public string Column { get; }

    internal static CsvRegressionException Fractions(string file, string column, string example) =>
        new(file, column, $"holds fractions such as {example}: {Quantity}");

    internal static CsvRegressionException ManyIntegers(string file, string column, int distinct) =>
        new(file, column, $"holds {distinct} different whole numbers, more than the {CsvLabels.MaxIntegerClasses} that are taken for classes: {Quantity}");

    internal static CsvRegressionException Words(string file, string column, string example) =>
        new(file, column, $"holds words such as '{example}', which are classes and no quantity. Name a column of numbers.");

    private const string Quantity = "that is a quantity to estimate (regression), and only classes can be learnt here. Name a column with classes, or replace the numbers by ranges such as low, medium, high.";
}

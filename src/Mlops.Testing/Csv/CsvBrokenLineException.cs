namespace Mlops.Testing.Csv;

/// <summary>Says that a line has more or fewer fields than the header.</summary>
public sealed class CsvBrokenLineException : CsvException
{
    internal CsvBrokenLineException(string file, int line, int expectedFields, int actualFields)
        : base(file, $"line {line} has {actualFields} fields, the header has {expectedFields}. Complete or remove the line; a field that holds the delimiter needs quotes around it.")
    {
        Line = line;
        ExpectedFields = expectedFields;
        ActualFields = actualFields;
    }

    /// <summary>Gets the number of the line where the record begins, from 1.</summary>
    public int Line { get; }

    /// <summary>Gets the number of fields in the header.</summary>
    public int ExpectedFields { get; }

    /// <summary>Gets the number of fields in the line.</summary>
    public int ActualFields { get; }
}

namespace Mlops.Testing.Csv;

/// <summary>Says that a value of the time column is not a time.</summary>
public sealed class CsvTimeException : CsvException
{
    internal CsvTimeException(string file, string column, int line, string? value)
        : base(file, $"line {line} has {(value is null ? "no value" : $"'{value}'")} in the time column '{column}'. Write times as 2026-03-04T05:06:07.123Z or as seconds or milliseconds since 1970.")
    {
        Column = column;
        Line = line;
    }

    /// <summary>Gets the time column.</summary>
    public string Column { get; }

    /// <summary>Gets the number of the line where the row begins, from 1.</summary>
    public int Line { get; }
}

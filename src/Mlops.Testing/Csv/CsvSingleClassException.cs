namespace Mlops.Testing.Csv;

/// <summary>Says that the label column has one value only, so that there is nothing to tell apart.</summary>
public sealed class CsvSingleClassException : CsvException
{
    internal CsvSingleClassException(string file, string column, string value, int rows)
        : base(file, $"all {rows} labelled rows have '{value}' in the label column '{column}'. A classifier needs at least two classes; name another column or add rows of another class.")
    {
        Column = column;
        Value = value;
    }

    /// <summary>Gets the label column.</summary>
    public string Column { get; }

    /// <summary>Gets its only value.</summary>
    public string Value { get; }
}

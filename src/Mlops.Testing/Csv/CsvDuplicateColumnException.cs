namespace Mlops.Testing.Csv;

/// <summary>Says that two columns have the same name.</summary>
public sealed class CsvDuplicateColumnException : CsvException
{
    internal CsvDuplicateColumnException(string file, string column, int first, int second)
        : base(file, $"columns {first} and {second} are both named '{column}'. Rename or remove one.") => Column = column;

    /// <summary>Gets the name that occurs twice.</summary>
    public string Column { get; }
}

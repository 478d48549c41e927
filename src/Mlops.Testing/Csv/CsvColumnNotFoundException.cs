namespace Mlops.Testing.Csv;

/// <summary>Says that a column that was asked for by name is not there, lists those that are, and suggests the nearest.</summary>
public sealed class CsvColumnNotFoundException : CsvException
{
    internal CsvColumnNotFoundException(string file, string role, string column, IReadOnlyList<string> columns)
        : base(file, $"there is no {role} column '{column}'. Did you mean '{EditDistance.Nearest(column, columns)}'? Columns: {string.Join(", ", columns)}.")
    {
        Column = column;
        Columns = columns;
        Suggestion = EditDistance.Nearest(column, columns);
    }

    /// <summary>Gets the name that was asked for.</summary>
    public string Column { get; }

    /// <summary>Gets the names of the columns in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Gets the name in the file that is most like the one asked for.</summary>
    public string Suggestion { get; }
}

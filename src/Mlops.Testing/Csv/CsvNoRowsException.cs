namespace Mlops.Testing.Csv;

/// <summary>Says that a file, or what is left of it without unlabelled rows, has no rows.</summary>
public sealed class CsvNoRowsException : CsvException
{
    private CsvNoRowsException(string file, string problem)
        : base(file, problem)
    {
    }

    internal static CsvNoRowsException Empty(string file) =>
        new(file, "the file is empty. Give it a header line with column names and one line for each row.");

    internal static CsvNoRowsException HeaderOnly(string file) =>
        new(file, "there is a header and no row. Add one line for each row.");

    internal static CsvNoRowsException NoneLabelled(string file, string label, int rows) =>
        new(file, $"none of the {rows} rows has a value in the label column '{label}'. Label some rows, or name another column.");
}

namespace Mlops.Testing.Csv;

/// <summary>Says that a quoted field never ends, or goes on after its closing quote.</summary>
public sealed class CsvQuoteException : CsvException
{
    private CsvQuoteException(string file, int line, string problem)
        : base(file, problem) => Line = line;

    /// <summary>Gets the number of the line where the field begins, from 1.</summary>
    public int Line { get; }

    internal static CsvQuoteException Unterminated(string file, int line) =>
        new(file, line, $"the quoted field that begins in line {line} never ends. Add the closing quote, and write a quote inside a quoted field twice.");

    internal static CsvQuoteException TextAfterQuote(string file, int line, char found) =>
        new(file, line, $"the quoted field that begins in line {line} is followed by '{found}' instead of a delimiter. Write a quote inside a quoted field twice.");
}

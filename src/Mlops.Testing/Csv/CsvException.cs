namespace Mlops.Testing.Csv;

/// <summary>Says why a CSV file cannot be used, and what to do about it.</summary>
public abstract class CsvException : Exception
{
    private protected CsvException(string file, string problem)
        : base($"Reading '{file}': {problem}") => File = file;

    /// <summary>Gets the file, or the name that its text was given.</summary>
    public string File { get; }
}

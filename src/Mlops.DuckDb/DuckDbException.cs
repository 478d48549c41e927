namespace Mlops.DuckDb;

/// <summary>An error that DuckDB reports, with the statement that caused it and, where the engine knows it, the position in it.</summary>
public sealed class DuckDbException : Exception
{
    internal DuckDbException(string message, string errorType, string? statement = null, int? position = null) : base(message)
    {
        ErrorType = errorType;
        Statement = statement;
        if (statement is null || position is not { } offset) return;
        var before = statement.AsSpan(0, offset);
        Position = offset;
        Line = before.Count('\n') + 1;
        Column = offset - before.LastIndexOf('\n');
    }

    /// <summary>Gets the engine's name for the kind of error, for example <c>Parser</c>, <c>Binder</c>, <c>Conversion</c>, <c>Out of Memory</c>, <c>Permission</c>.</summary>
    public string ErrorType { get; }

    /// <summary>Gets the whole SQL text that was prepared or run; null when no statement was involved.</summary>
    public string? Statement { get; }

    /// <summary>Gets the index into <see cref="Statement"/>, in characters from 0, of what the error is about; null when the engine does not say.</summary>
    public int? Position { get; }

    /// <summary>Gets the line of <see cref="Position"/>, from 1.</summary>
    public int? Line { get; }

    /// <summary>Gets the column of <see cref="Position"/> in its line, in characters from 1.</summary>
    public int? Column { get; }
}

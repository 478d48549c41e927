using System.Globalization;

namespace Mlops.Store.AdHoc;

/// <summary>A statement has no result; the message says what, where, and what helps.</summary>
public sealed class SqlQueryException : Exception
{
    internal SqlQueryException(SqlFault fault, string reason, string text, int? position, Exception? innerException = null)
        : base(Describe(reason, text, position), innerException)
    {
        Fault = fault;
        Reason = reason;
        if (position is not { } at)
            return;
        Position = at;
        (int line, int column, _) = Place(text, at);
        (Line, Column) = (line, column);
    }

    /// <summary>Gets the kind of fault.</summary>
    public SqlFault Fault { get; }

    /// <summary>Gets the reason without the place.</summary>
    public string Reason { get; }

    /// <summary>Gets the index into the statement, in characters from 0; <see langword="null"/> when the engine does not say.</summary>
    public int? Position { get; }

    /// <summary>Gets the line, from 1.</summary>
    public int? Line { get; }

    /// <summary>Gets the column in the line, in characters from 1.</summary>
    public int? Column { get; }

    private static string Describe(string reason, string text, int? position)
    {
        if (position is not { } at)
            return reason;
        (int line, int column, string source) = Place(text, at);
        // A long line is shown from a little before the place.
        int cut = column > 80 ? column - 60 : 0;
        string shown = source.Length - cut > 120 ? source.Substring(cut, 120) : source[cut..];
        return string.Create(CultureInfo.InvariantCulture, $"Line {line}, column {column}: {reason}\n{shown}\n{new string(' ', column - 1 - cut)}^");
    }

    private static (int Line, int Column, string Source) Place(string text, int position)
    {
        int at = Math.Clamp(position, 0, text.Length);
        int start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        int end = text.IndexOf('\n', at);
        return (text.AsSpan(0, at).Count('\n') + 1, at - start + 1, text[start..(end < 0 ? text.Length : end)].TrimEnd('\r'));
    }
}

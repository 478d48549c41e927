using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mlops.DuckDb;

/// <summary>
/// Turns an error text of the engine into an exception. Databases are opened with <c>errors_as_json</c>, the only way by which the
/// C API tells the position in the statement; it counts UTF-8 bytes.
/// </summary>
internal sealed class EngineError
{
    private const int ExcerptLength = 300;
    private const string InterruptType = "INTERRUPT";

    private readonly string _type;
    private readonly string _message;
    private readonly int? _bytePosition;

    private EngineError(string type, string message, int? bytePosition) =>
        (_type, _message, _bytePosition) = (type, message, bytePosition);

    /// <summary>Tells whether the statement ended because it was interrupted.</summary>
    internal bool IsInterrupt => string.Equals(_type, InterruptType, StringComparison.OrdinalIgnoreCase);

    /// <param name="text">What the engine says; null when it says nothing.</param>
    /// <param name="plainType">The type of an error whose text does not name one.</param>
    internal static EngineError Parse(string? text, string plainType = "Unknown")
    {
        text ??= "The engine gives no reason.";
        // A syntax error says "Parser Error: " before the object, others are the object alone, and a few internal ones are plain text.
        var start = text.IndexOf('{', StringComparison.Ordinal);
        if (start >= 0 && TryReadJson(text[start..]) is { } error) return error;
        var colon = text.IndexOf(" Error: ", StringComparison.Ordinal);
        return colon < 0 ? new EngineError(plainType, text, null) : new EngineError(text[..colon], text[(colon + 8)..], null);
    }

    /// <summary>Makes the exception; <paramref name="doing"/> completes "DuckDB could not …".</summary>
    internal DuckDbException ToException(string doing, string? statement)
    {
        var position = CharacterPosition(statement);
        var message = new StringBuilder($"DuckDB could not {doing}: {_type} error: {_message.Trim()}");
        if (string.Equals(_type, "Permission", StringComparison.Ordinal))
            message.Append($" (Allow it with {nameof(DuckDbOptions)}.{nameof(DuckDbOptions.AllowedFolders)} or {nameof(DuckDbOptions.AllowExternalFiles)}.)");
        var error = new DuckDbException("", _type, statement, position);
        if (error.Line is { } line)
            message.Append(CultureInfo.InvariantCulture, $" At line {line}, column {error.Column}: {Excerpt(statement!, position!.Value)}");
        else if (!string.IsNullOrWhiteSpace(statement))
            message.Append($" In: {Excerpt(statement, 0)}");
        return new DuckDbException(message.ToString(), _type, statement, position);
    }

    /// <summary>Makes the exception of an interrupt that nobody asked for: another thread of the statement failed and its reason is lost.</summary>
    internal static DuckDbException LostReason(string doing, string statement) =>
        new($"DuckDB could not {doing}: one of its threads failed and the engine told the others' interrupt instead of the reason. Run it again to see the reason. In: {Excerpt(statement, 0)}", InterruptType, statement, null);

    private static EngineError? TryReadJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (!root.TryGetProperty("exception_message", out var message)) return null;
            var type = root.TryGetProperty("exception_type", out var name) ? name.GetString() : null;
            int? position = root.TryGetProperty("position", out var at) && int.TryParse(at.GetString(), CultureInfo.InvariantCulture, out var offset) ? offset : null;
            return new EngineError(type ?? "Unknown", message.GetString() ?? "", position);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Excerpt(string statement, int from)
    {
        var text = statement.AsSpan(from);
        return text.Length <= ExcerptLength ? text.ToString() : $"{text[..ExcerptLength]}…";
    }

    private int? CharacterPosition(string? statement)
    {
        if (statement is null || _bytePosition is not { } bytes || bytes < 0) return null;
        var utf8 = Encoding.UTF8.GetBytes(statement);
        return bytes > utf8.Length ? null : Encoding.UTF8.GetCharCount(utf8, 0, bytes);
    }
}

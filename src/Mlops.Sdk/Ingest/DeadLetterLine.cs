using System.Text;
using System.Text.Json;

namespace Mlops.Ingest;

/// <summary>Reads a line of a file of dead letters.</summary>
internal static class DeadLetterLine
{
    /// <param name="line">The line.</param>
    /// <param name="id">The id for a letter that has none.</param>
    /// <returns>The letter, or <see langword="null"/> when the line holds none.</returns>
    public static DeadLetterInfo? TryRead(string line, string id)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            byte[] payload = root.TryGetProperty("text"u8, out JsonElement text)
                ? Encoding.UTF8.GetBytes(text.GetString()!)
                : root.GetProperty("base64"u8).GetBytesFromBase64();
            return new DeadLetterInfo(
                root.TryGetProperty("id"u8, out JsonElement given) ? given.GetString()! : id,
                root.GetProperty("time"u8).GetDateTimeOffset(),
                root.GetProperty("topic"u8).GetString()!,
                root.GetProperty("reason"u8).GetString()!,
                root.GetProperty("bytes"u8).GetInt32(),
                payload)
            {
                Cause = root.TryGetProperty("cause"u8, out JsonElement cause) && Enum.TryParse(cause.GetString(), ignoreCase: true, out DeadLetterCause known) ? known : null,
                Source = root.TryGetProperty("source"u8, out JsonElement source) ? source.GetString() : null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;

namespace Mlops.Ingest;

/// <summary>
/// Writes messages that could not be understood to <c>dead-letters/*.jsonl</c>, one JSON object a line, in files of bounded size
/// and number. Called by one thread at a time.
/// </summary>
internal sealed class DeadLetterFiles(IOptions<MlopsOptions> node, IOptions<IngestOptions> options, TimeProvider time, ILogger<DeadLetterFiles> logger)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly DeadLetterOptions _bounds = options.Value.DeadLetters;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private string? _current;

    public string Folder { get; } = Path.Combine(node.Value.FullDataFolder, "dead-letters");

    /// <summary>Appends letters and hands them to the disk.</summary>
    /// <returns>False when they could not be written; that is logged and does not stop anything.</returns>
    public bool Write(IReadOnlyList<DeadLetter> letters)
    {
        try
        {
            _lines.ResetWrittenCount();
            foreach (DeadLetter letter in letters)
                Append(letter);
            Directory.CreateDirectory(Folder);
            _current ??= Files().LastOrDefault();
            if (_current is null || (File.Exists(_current) && new FileInfo(_current).Length + _lines.WrittenCount > _bounds.MaxFileBytes))
                _current = NextFile();
            using var file = new FileStream(_current, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.Write(_lines.WrittenSpan);
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.DeadLettersNotWritten(logger, letters.Count, Folder, e);
            return false;
        }
    }

    private string NextFile()
    {
        string name = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fffffff'Z'", CultureInfo.InvariantCulture);
        var files = Files().ToList();
        foreach (string old in files.Take(Math.Max(0, files.Count - _bounds.MaxFiles + 1)))
            File.Delete(old);
        return Path.Combine(Folder, name + ".jsonl");
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal);

    private void Append(DeadLetter letter)
    {
        using (var writer = new Utf8JsonWriter(_lines, Json))
        {
            writer.WriteStartObject();
            writer.WriteString("time", letter.Time);
            writer.WriteString("topic", letter.Topic);
            writer.WriteString("reason", letter.Reason);
            writer.WriteNumber("bytes", letter.PayloadBytes);
            if (IsReadable(letter.Payload))
                writer.WriteString("text", letter.Payload);
            else
                writer.WriteBase64String("base64", letter.Payload);
            writer.WriteEndObject();
        }

        _lines.Write("\n"u8);
    }

    // Text that an editor shows as it is; everything else keeps its exact bytes as base64.
    private static bool IsReadable(byte[] payload) =>
        Utf8.IsValid(payload) && payload.AsSpan().IndexOfAnyInRange((byte)0, (byte)8) < 0;
}

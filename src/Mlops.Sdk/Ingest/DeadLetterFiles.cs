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
/// and number.
/// </summary>
internal sealed class DeadLetterFiles(IOptions<MlopsOptions> node, IOptions<IngestOptions> options, DeadLetterTally tally, TimeProvider time, ILogger<DeadLetterFiles> logger)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly DeadLetterOptions _bounds = options.Value.DeadLetters;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Lock _lock = new();
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private long _written;
    private string? _current;

    public string Folder { get; } = Path.Combine(node.Value.FullDataFolder, "dead-letters");

    /// <summary>Appends letters and hands them to the disk.</summary>
    /// <returns>False when they could not be written; that is logged and does not stop anything.</returns>
    public bool Write(IReadOnlyList<DeadLetter> letters)
    {
        lock (_lock)
            return TryWrite(letters);
    }

    /// <summary>Reads the letters, file by file. A line that is not one (a crash may have cut it) is left out.</summary>
    public IEnumerable<DeadLetterInfo> ReadNewestFirst()
    {
        if (!Directory.Exists(Folder))
            yield break;
        foreach (string file in Files().Reverse().ToList())
        {
            string[] lines;
            lock (_lock)
                lines = ReadLines(file);
            for (int i = lines.Length - 1; i >= 0; i--)
            {
                if (DeadLetterLine.TryRead(lines[i], IdOf(file, i)) is { } letter)
                    yield return letter;
            }
        }
    }

    /// <summary>Deletes letters.</summary>
    /// <returns>How many there were.</returns>
    public int Delete(IReadOnlySet<string> ids)
    {
        if (ids.Count == 0 || !Directory.Exists(Folder))
            return 0;
        lock (_lock)
            return Files().ToList().Sum(file => Delete(file, ids));
    }

    private static int Delete(string file, IReadOnlySet<string> ids)
    {
        string[] lines = ReadLines(file);
        string[] left = [.. lines.Where((line, i) => DeadLetterLine.TryRead(line, IdOf(file, i)) is not { } letter || !ids.Contains(letter.Id))];
        int deleted = lines.Length - left.Length;
        if (deleted == 0)
            return 0;
        if (left.Length == 0)
        {
            File.Delete(file);
            return deleted;
        }

        string rewritten = file + ".new";
        File.WriteAllLines(rewritten, left);
        File.Move(rewritten, file, overwrite: true);
        return deleted;
    }

    // Letters that an older version wrote have no id of their own.
    private static string IdOf(string file, int line) => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file)}-{line}");

    private static string[] ReadLines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];

    private bool TryWrite(IReadOnlyList<DeadLetter> letters)
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
            tally.Drop(letters.Count);
            Log.DeadLettersNotWritten(logger, letters.Count, Folder, e);
            return false;
        }
    }

    private string NextFile()
    {
        string name = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fffffff'Z'", CultureInfo.InvariantCulture);
        var files = Files().ToList();
        foreach (string old in files.Take(Math.Max(0, files.Count - _bounds.MaxFiles + 1)))
        {
            int letters = File.ReadLines(old).Count();
            File.Delete(old);
            tally.Drop(letters);
        }

        return Path.Combine(Folder, name + ".jsonl");
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal);

    private void Append(DeadLetter letter)
    {
        using (var writer = new Utf8JsonWriter(_lines, Json))
        {
            writer.WriteStartObject();
            writer.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"{_run}-{++_written}"));
            writer.WriteString("time", letter.Time);
            writer.WriteString("topic", letter.Topic);
            writer.WriteString("cause", JsonNamingPolicy.CamelCase.ConvertName(letter.Cause.ToString()));
            writer.WriteString("source", letter.Source);
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

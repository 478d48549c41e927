using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Drivers.Files;

/// <summary>
/// How far a file was read, and by what it is recognised wherever it is moved: the bytes at its beginning and those before the place.
/// A file that was truncated, overwritten or replaced does not have them any more.
/// </summary>
/// <param name="Offset">How far: bytes of a text file, rows of a Parquet file.</param>
/// <param name="Records">How many records came from it.</param>
/// <param name="Length">How many bytes were hashed at either end.</param>
/// <param name="Head">Hash of the first bytes.</param>
/// <param name="Tail">Hash of the last bytes before the place.</param>
/// <param name="Header">The header line of a CSV file, so that it is known when reading goes on behind it.</param>
/// <param name="Seen">When the file was there for the last time.</param>
internal sealed record FilePlace(long Offset, long Records, int Length, string Head, string Tail, string? Header, DateTimeOffset Seen)
{
    private const int MaxLength = 1024;

    /// <summary>Takes the marks of an open file up to a place in bytes.</summary>
    public static FilePlace Take(FileStream file, long bytes, long offset, long records, string? header, DateTimeOffset now)
    {
        int length = (int)Math.Min(MaxLength, bytes);
        return new FilePlace(offset, records, length, Hash(file, 0, length), Hash(file, bytes - length, length), header, now);
    }

    /// <summary>Tells whether an open file has the marks.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bytes">Where the place is in bytes.</param>
    public bool Fits(FileStream file, long bytes) =>
        file.Length >= bytes && bytes >= Length && Head == Hash(file, 0, Length) && Tail == Hash(file, bytes - Length, Length);

    public string ToJson() => JsonSerializer.Serialize(this, FilePlaceJson.Default.FilePlace);

    public static FilePlace? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, FilePlaceJson.Default.FilePlace);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Hash(FileStream file, long start, int length)
    {
        byte[] bytes = new byte[length];
        int read = 0;
        while (read < length && RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(read), start + read) is > 0 and { } more)
            read += more;
        return Convert.ToHexString(SHA256.HashData(bytes.AsSpan(0, read)), 0, 16);
    }
}

/// <summary>Writes places as JSON without reflection.</summary>
[JsonSerializable(typeof(FilePlace))]
internal sealed partial class FilePlaceJson : JsonSerializerContext;

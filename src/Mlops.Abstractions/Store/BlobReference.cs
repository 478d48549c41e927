using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mlops.Data;

namespace Mlops.Store;

/// <summary>Names a blob, for example a camera's frame, in a record or a label. The blob itself is in the <see cref="IBlobStore"/>.</summary>
/// <param name="Hash">SHA-256 of its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="MediaType">What it is, for example <c>image/png</c>.</param>
public sealed record BlobReference(string Hash, long Size, string MediaType)
{
    /// <summary>The <see cref="FeedField.SourceType"/> of text fields that hold references. Only what such fields and labels name is kept.</summary>
    public const string SourceType = "blob";

    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Declares a field that holds references, written as <see cref="ToString"/> does.</summary>
    /// <param name="name">Name of the field.</param>
    /// <returns>The field.</returns>
    public static FeedField Field(string name) => new(name, FieldType.Text) { SourceType = SourceType };

    /// <summary>Reads a reference.</summary>
    /// <param name="text">What <see cref="ToString"/> wrote.</param>
    /// <param name="reference">The reference.</param>
    /// <returns><see langword="false"/> when the text is no reference.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BlobReference? reference)
    {
        reference = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        string[] parts = text[Prefix.Length..].Split(';', 3);
        if (parts.Length != 3 || parts[0].Length != 64 || parts[0].AsSpan().ContainsAnyExcept(Digits) || parts[2].Length == 0
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size))
        {
            return false;
        }

        reference = new BlobReference(parts[0], size, parts[2]);
        return true;
    }

    /// <summary>Returns the reference as records hold it: <c>sha256:9f86d0…;48213;image/png</c>.</summary>
    /// <returns>A text that <see cref="TryParse"/> reads.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Hash};{Size};{MediaType}");
}

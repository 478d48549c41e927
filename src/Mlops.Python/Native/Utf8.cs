using System.Text;

namespace Mlops.Python.Native;

/// <summary>Makes the zero-terminated UTF-8 that Python takes names in, without garbage for names of usual length.</summary>
internal static class Utf8
{
    public const int ScratchLength = 256;

    /// <summary>Returns the text in the scratch memory, or in an array when it does not fit.</summary>
    public static ReadOnlySpan<byte> Terminated(string text, Span<byte> scratch)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name for Python contains a zero character.", nameof(text));
        var needed = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        var target = needed <= scratch.Length ? scratch : new byte[needed];
        var length = Encoding.UTF8.GetBytes(text, target);
        target[length] = 0;
        return target[..(length + 1)];
    }
}

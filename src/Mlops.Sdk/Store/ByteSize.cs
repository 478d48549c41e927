using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mlops.Store;

/// <summary>An amount of memory or disk space. Settings write it as <c>128 MB</c>, <c>1.5 GiB</c> or a number of bytes; units are powers of 1024.</summary>
/// <param name="Bytes">The amount in bytes.</param>
[TypeConverter(typeof(ByteSizeConverter))]
public readonly record struct ByteSize(long Bytes)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    /// <summary>Makes a size of mebibytes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The size.</returns>
    public static ByteSize Megabytes(long count) => new(count * 1024 * 1024);

    /// <summary>Reads a size.</summary>
    /// <param name="text">A number with or without a unit: B, KB, MB, GB, TB, also spelled KiB and so on.</param>
    /// <returns>The size.</returns>
    /// <exception cref="FormatException">The text is no size.</exception>
    public static ByteSize Parse(string text) => TryParse(text, out ByteSize size) ? size
        : throw new FormatException($"'{text}' is not a size. Write a number of bytes, or a number with a unit such as 128 MB.");

    /// <summary>Reads a size.</summary>
    /// <param name="text">A number with or without a unit: B, KB, MB, GB, TB, also spelled KiB and so on.</param>
    /// <param name="size">The size.</param>
    /// <returns><see langword="false"/> when the text is no size.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ByteSize size)
    {
        size = default;
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        int digits = number.IndexOfAnyExcept(Digits);
        ReadOnlySpan<char> unit = digits < 0 ? "B" : number[digits..].Trim();
        number = digits < 0 ? number : number[..digits];
        string normalized = unit.ToString().ToUpperInvariant().Replace("IB", "B", StringComparison.Ordinal);
        int power = Array.IndexOf(Units, normalized is "K" or "M" or "G" or "T" ? normalized + "B" : normalized);
        if (power < 0 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            return false;
        long factor = 1L << (10 * power);
        if (value > long.MaxValue / factor)
            return false;
        size = new ByteSize((long)(value * factor));
        return true;
    }

    /// <summary>Returns the size with the largest unit that divides it, for example <c>128 MB</c>.</summary>
    /// <returns>A text that <see cref="Parse"/> reads.</returns>
    public override string ToString()
    {
        long value = Bytes;
        int power = 0;
        for (; value != 0 && value % 1024 == 0 && power < Units.Length - 1; power++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value} {Units[power]}");
    }
}

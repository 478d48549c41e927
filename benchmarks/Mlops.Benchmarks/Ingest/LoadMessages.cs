using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mlops.Benchmarks.Json;

namespace Mlops.Benchmarks.Ingest;

/// <summary>
/// Bulk messages of 16 values of which no two are alike, at little cost: texts made beforehand get the number, the time and the decimals
/// of each message written into them.
/// </summary>
internal sealed class LoadMessages
{
    private const int Texts = 512;
    private const long FirstNumber = 1_000_000_000;
    private static readonly long s_start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private readonly Random _random = new(7);
    private readonly (byte[] Text, int Number, int[] Decimals, int[] Times)[] _texts = [.. BulkMessageText.WriteMany(Texts).Select(Open)];

    public int MaxSize => _texts.Max(t => t.Text.Length);

    /// <summary>Writes a message, a millisecond after the one before.</summary>
    /// <returns>Its size.</returns>
    public int Write(long message, byte[] target)
    {
        (byte[] text, int number, int[] decimals, int[] times) = _texts[message % Texts];
        text.CopyTo(target, 0);
        Utf8Formatter.TryFormat(FirstNumber + message, target.AsSpan(number), out _);
        foreach (int at in decimals)
            Utf8Formatter.TryFormat(_random.Next(1_000_000), target.AsSpan(at), out _, new StandardFormat('D', 6));
        Span<byte> time = stackalloc byte[23];
        new DateTime(s_start + (message * TimeSpan.TicksPerMillisecond), DateTimeKind.Utc).TryFormat(time, out _, "yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
        foreach (int at in times)
            time.CopyTo(target.AsSpan(at));
        return text.Length;
    }

    // The number gets as many digits as any message's will have.
    private static (byte[] Text, int Number, int[] Decimals, int[] Times) Open(byte[] message)
    {
        string text = Encoding.UTF8.GetString(message);
        int number = text.IndexOf(':', StringComparison.Ordinal) + 1;
        text = text[..number] + FirstNumber.ToString(CultureInfo.InvariantCulture) + text[text.IndexOf(',', StringComparison.Ordinal)..];
        return (Encoding.UTF8.GetBytes(text), number, [.. Regex.Matches(text, @"(?<=\.)\d{6}(?=,)").Select(m => m.Index)], [.. Regex.Matches(text, "(?<=\"ts\":\")").Select(m => m.Index)]);
    }
}

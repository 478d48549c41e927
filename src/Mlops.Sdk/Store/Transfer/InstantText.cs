using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Mlops.Store.Transfer;

/// <summary>Writes instants as ISO 8601 in UTC with the digits that they have, down to the nanosecond.</summary>
internal static class InstantText
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static void Write(IBufferWriter<byte> buffer, long nanoseconds)
    {
        Span<byte> text = buffer.GetSpan(32);
        long seconds = Math.DivRem(nanoseconds, NanosecondsPerSecond, out long fraction);
        if (fraction < 0)
            (seconds, fraction) = (seconds - 1, fraction + NanosecondsPerSecond);
        DateTime.UnixEpoch.AddSeconds(seconds).TryFormat(text, out int written, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (fraction != 0)
        {
            text[19] = (byte)'.';
            Utf8Formatter.TryFormat(fraction, text[20..], out _, new StandardFormat('D', 9));
            written = 29;
            while (text[written - 1] == '0')
                written--;
            text[written++] = (byte)'Z';
        }

        buffer.Advance(written);
    }
}

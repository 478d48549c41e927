namespace Mlops.Ingest;

/// <summary>
/// Reads ISO 8601 instants from UTF-8 to nanoseconds since 1970 UTC. The framework's parsers stop at 100 ns and want text; ours
/// take up to nine fraction digits from bytes, allocate nothing and depend on no culture.
/// </summary>
/// <remarks>Years 1678 to 2261, the range of 64-bit nanoseconds. A time without offset is UTC, a date alone its midnight.</remarks>
internal static class IsoTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reads <c>yyyy-MM-dd[(T| )HH:mm[:ss[.f…]][Z|±HH[:mm]]]</c>; digits below a nanosecond are cut.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out int year) || !TryDigits(text.Slice(5, 2), out int month) || !TryDigits(text.Slice(8, 2), out int day)
            || year is < 1678 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        long seconds = DaysSinceEpoch(year, month, day) * 86_400L;
        text = text[10..];
        if (text.IsEmpty)
        {
            nanoseconds = seconds * NanosecondsPerSecond;
            return true;
        }

        if (text[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryTimeOfDay(text[1..], out long ofDay, out ReadOnlySpan<byte> rest) || !TryOffset(rest, out int offset))
            return false;
        nanoseconds = ((seconds - offset) * NanosecondsPerSecond) + ofDay;
        return true;
    }

    /// <summary>Reads <c>HH:mm[:ss[.f…]]</c> to nanoseconds of the day; nothing may follow.</summary>
    public static bool TryParseTimeOfDay(ReadOnlySpan<byte> text, out long nanoseconds) =>
        TryTimeOfDay(text, out nanoseconds, out ReadOnlySpan<byte> rest) && rest.IsEmpty;

    private static bool TryTimeOfDay(ReadOnlySpan<byte> text, out long nanoseconds, out ReadOnlySpan<byte> rest)
    {
        nanoseconds = 0;
        rest = default;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out int hour) || !TryDigits(text.Slice(3, 2), out int minute) || hour > 24 || minute > 59)
            return false;
        rest = text[5..];
        int second = 0;
        long fraction = 0;
        if (rest.Length > 0 && rest[0] == ':')
        {
            // 60 is a leap second, which runs over into the next minute.
            if (rest.Length < 3 || !TryDigits(rest.Slice(1, 2), out second) || second > 60)
                return false;
            rest = rest[3..];
            if (rest.Length > 0 && rest[0] is (byte)'.' or (byte)',')
            {
                int digits = 1;
                long unit = NanosecondsPerSecond;
                for (; digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
                {
                    unit /= 10;
                    fraction += (rest[digits] - '0') * unit;
                }

                if (digits == 1)
                    return false;
                rest = rest[digits..];
            }
        }

        nanoseconds = (((hour * 60L) + minute) * 60 + second) * NanosecondsPerSecond + fraction;
        return hour < 24 || nanoseconds == 24L * 3600 * NanosecondsPerSecond;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (3 or 5 or 6) || !TryDigits(text.Slice(1, 2), out int hours))
            return false;
        int minutes = 0;
        if (text.Length > 3 && (!TryDigits(text[^2..], out minutes) || (text.Length == 6 && text[3] != ':')))
            return false;
        seconds = ((hours * 60) + minutes) * 60 * (text[0] == '-' ? -1 : 1);
        return hours <= 18 && minutes <= 59;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }

    // Days from civil, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static int DaysSinceEpoch(int year, int month, int day)
    {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - (era * 400);
        int dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        int dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }
}

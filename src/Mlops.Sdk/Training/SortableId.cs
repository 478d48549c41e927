using System.Security.Cryptography;

namespace Mlops.Training;

/// <summary>
/// Makes ids that sort by the time they were made, as ULIDs do: 48 bits of milliseconds and 40 random bits, in Crockford's
/// base 32, lower case. Within one millisecond, and when the clock goes back, the random part counts on. Thread-safe.
/// </summary>
internal sealed class SortableId(TimeProvider clock)
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeDigits = 10;
    private const int RandomDigits = 8;

    // The highest of the 40 bits stays free, so that there is room to count on.
    private const long FirstRandom = (1L << 39) - 1;
    private readonly Lock _gate = new();
    private long _time;
    private long _random;

    /// <summary>Makes an id: the prefix, <c>-</c> and 18 digits.</summary>
    public string Next(string prefix)
    {
        long time, random;
        lock (_gate)
        {
            long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > _time)
                (_time, _random) = (now, BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & FirstRandom);
            else if (++_random >> (RandomDigits * 5) != 0)
                (_time, _random) = (_time + 1, 0);
            (time, random) = (_time, _random);
        }

        return string.Create(prefix.Length + 1 + TimeDigits + RandomDigits, (prefix, time, random), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            span[state.prefix.Length] = '-';
            span = span[(state.prefix.Length + 1)..];
            for (int i = 0; i < TimeDigits; i++)
                span[i] = Digits[(int)(state.time >> ((TimeDigits - 1 - i) * 5)) & 31];
            for (int i = 0; i < RandomDigits; i++)
                span[TimeDigits + i] = Digits[(int)(state.random >> ((RandomDigits - 1 - i) * 5)) & 31];
        });
    }
}

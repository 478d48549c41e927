using System.Runtime.CompilerServices;

namespace Mlops.Mqtt;

/// <summary>Counts by the values of an enumeration, which names them from 0 on without a gap. Thread-safe.</summary>
internal sealed class ReasonTally<TReason>
    where TReason : struct, Enum
{
    private static readonly string[] Names = [.. Enum.GetNames<TReason>().Select(Lower)];

    private readonly long[] counts = new long[Names.Length];

    public long Total
    {
        get
        {
            long total = 0;
            for (int i = 0; i < counts.Length; i++)
                total += Volatile.Read(ref counts[i]);
            return total;
        }
    }

    public void Count(TReason reason) => Interlocked.Increment(ref counts[Unsafe.BitCast<TReason, int>(reason)]);

    public long Of(TReason reason) => Volatile.Read(ref counts[Unsafe.BitCast<TReason, int>(reason)]);

    /// <summary>Gives each reason, as tags write it, with its count.</summary>
    public IEnumerable<(string Reason, long Count)> All() => Names.Select((name, i) => (name, Volatile.Read(ref counts[i])));

    /// <summary>TooLarge becomes too_large.</summary>
    private static string Lower(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(letter) : $"{letter}"));
}

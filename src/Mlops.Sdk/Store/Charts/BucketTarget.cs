using System.Numerics;
using System.Runtime.CompilerServices;
using Mlops.Data;

namespace Mlops.Store.Charts;

/// <summary>Buckets that values are added to, column by column.</summary>
internal abstract class BucketTarget
{
    private double[] _numbers = [];

    /// <summary>Adds the values of a column of numbers or truth values; nulls, NaN and infinity do not count.</summary>
    public void Add(ReadOnlySpan<long> times, Column column) => Add(times, Numbers(column), column.NullCount == 0 ? default : column.Validity);

    /// <summary>Adds values.</summary>
    /// <param name="times">The time of each.</param>
    /// <param name="values">The values.</param>
    /// <param name="validity">Which of them count, one bit a value; empty for all.</param>
    public void Add(ReadOnlySpan<long> times, ReadOnlySpan<double> values, ReadOnlySpan<byte> validity)
    {
        // Neighbours mostly share their bucket, so it is looked up only when it changes.
        long from = 0, to = 0;
        ref BucketSummary bucket = ref Unsafe.NullRef<BucketSummary>();
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]) || (!validity.IsEmpty && (validity[i >> 3] & (1 << (i & 7))) == 0))
                continue;
            long time = times[i];
            if (time < from || time >= to)
                bucket = ref At(time, out from, out to);
            if (!Unsafe.IsNullRef(ref bucket))
                bucket.Add(time, values[i]);
        }
    }

    /// <summary>Finds the bucket of a time.</summary>
    /// <param name="time">The time.</param>
    /// <param name="from">The first time of the bucket.</param>
    /// <param name="to">The first time behind it.</param>
    /// <returns>The bucket, valid until the next call; a null reference where there is none.</returns>
    protected abstract ref BucketSummary At(long time, out long from, out long to);

    private ReadOnlySpan<double> Numbers(Column column) => column.Type switch
    {
        FieldType.Float64 => column.Values<double>(),
        FieldType.Boolean => Converted(column.Values<byte>()),
        FieldType.UInt64 => Converted(column.Values<ulong>()),
        _ => Converted(column.Values<long>()),
    };

    private ReadOnlySpan<double> Converted<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumberBase<T>
    {
        if (_numbers.Length < values.Length)
            _numbers = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            _numbers[i] = double.CreateTruncating(values[i]);
        return _numbers.AsSpan(0, values.Length);
    }
}

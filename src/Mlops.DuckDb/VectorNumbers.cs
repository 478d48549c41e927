using System.Numerics;

namespace Mlops.DuckDb;

/// <summary>Conversion of numeric columns to double and to the widest integer.</summary>
internal static class VectorNumbers
{
    internal static void ToDoubles(scoped in DuckDbVector vector, int from, Span<double> destination)
    {
        var count = destination.Length;
        switch (vector.Storage)
        {
            case DuckDbType.Double:
                vector.Raw<double>(from, count).CopyTo(destination);
                break;
            case DuckDbType.Float:
                Convert(vector.Raw<float>(from, count), destination);
                break;
            case DuckDbType.Boolean or DuckDbType.UTinyInt:
                Convert(vector.Raw<byte>(from, count), destination);
                break;
            case DuckDbType.TinyInt:
                Convert(vector.Raw<sbyte>(from, count), destination);
                break;
            case DuckDbType.SmallInt:
                Convert(vector.Raw<short>(from, count), destination);
                break;
            case DuckDbType.Integer:
                Convert(vector.Raw<int>(from, count), destination);
                break;
            case DuckDbType.BigInt:
                Convert(vector.Raw<long>(from, count), destination);
                break;
            case DuckDbType.USmallInt:
                Convert(vector.Raw<ushort>(from, count), destination);
                break;
            case DuckDbType.UInteger:
                Convert(vector.Raw<uint>(from, count), destination);
                break;
            case DuckDbType.UBigInt:
                Convert(vector.Raw<ulong>(from, count), destination);
                break;
            case DuckDbType.HugeInt:
                Convert(vector.Raw<Int128>(from, count), destination);
                break;
            case DuckDbType.UHugeInt:
                Convert(vector.Raw<UInt128>(from, count), destination);
                break;
            default:
                throw vector.Unsuitable("does not hold numbers");
        }

        if (vector.DecimalScale > 0)
        {
            var divisor = Math.Pow(10, vector.DecimalScale);
            foreach (ref var value in destination) value /= divisor;
        }

        if (vector.Validity.IsEmpty) return;
        for (var i = 0; i < count; i++)
            if (!vector.IsValid(from + i)) destination[i] = double.NaN;
    }

    internal static Int128 ToInt128(scoped in DuckDbVector vector, int row) => vector.Type switch
    {
        DuckDbType.TinyInt => vector.Raw<sbyte>(row, 1)[0],
        DuckDbType.SmallInt => vector.Raw<short>(row, 1)[0],
        DuckDbType.Integer => vector.Raw<int>(row, 1)[0],
        DuckDbType.BigInt => vector.Raw<long>(row, 1)[0],
        DuckDbType.UTinyInt => vector.Raw<byte>(row, 1)[0],
        DuckDbType.USmallInt => vector.Raw<ushort>(row, 1)[0],
        DuckDbType.UInteger => vector.Raw<uint>(row, 1)[0],
        DuckDbType.UBigInt => vector.Raw<ulong>(row, 1)[0],
        DuckDbType.HugeInt => vector.Raw<Int128>(row, 1)[0],
        DuckDbType.UHugeInt => checked((Int128)vector.Raw<UInt128>(row, 1)[0]),
        _ => throw vector.Unsuitable("does not hold integers"),
    };

    private static void Convert<T>(ReadOnlySpan<T> source, Span<double> destination) where T : unmanaged, INumberBase<T>
    {
        for (var i = 0; i < source.Length; i++) destination[i] = double.CreateTruncating(source[i]);
    }
}

using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>What reading and writing a column needs of its logical type; read once a result or appender.</summary>
/// <param name="Type">The type.</param>
/// <param name="Storage">What its values are in memory: differs from the type for DECIMAL only.</param>
/// <param name="Scale">Digits after the point of a DECIMAL.</param>
/// <param name="Element">Type of the elements of a LIST or ARRAY.</param>
/// <param name="ArraySize">Elements a row of an ARRAY.</param>
internal sealed record ColumnType(DuckDbType Type, DuckDbType Storage, int Scale = 0, ColumnType? Element = null, int ArraySize = 0)
{
    internal static ColumnType Read(LogicalTypeHandle type)
    {
        var id = Api.duckdb_get_type_id(type);
        switch (id)
        {
            case DuckDbType.Decimal:
                return new ColumnType(id, Api.duckdb_decimal_internal_type(type), Api.duckdb_decimal_scale(type));
            case DuckDbType.List:
                using (var child = Api.duckdb_list_type_child_type(type)) return new ColumnType(id, id, Element: Read(child));
            case DuckDbType.Array:
                using (var child = Api.duckdb_array_type_child_type(type))
                    return new ColumnType(id, id, Element: Read(child), ArraySize: (int)Api.duckdb_array_type_array_size(type));
            default:
                return new ColumnType(id, id);
        }
    }

    /// <summary>Tells whether a span of <typeparamref name="T"/> shows the stored values as what they are.</summary>
    internal bool IsStoredAs<T>() where T : unmanaged => Storage switch
    {
        DuckDbType.Boolean => typeof(T) == typeof(bool) || typeof(T) == typeof(byte),
        DuckDbType.TinyInt => typeof(T) == typeof(sbyte),
        DuckDbType.SmallInt => typeof(T) == typeof(short),
        DuckDbType.Integer or DuckDbType.Date => typeof(T) == typeof(int),
        DuckDbType.BigInt or DuckDbType.Time or DuckDbType.TimeNanoseconds => typeof(T) == typeof(long),
        DuckDbType.Timestamp or DuckDbType.TimestampTz or DuckDbType.TimestampSeconds => typeof(T) == typeof(long),
        DuckDbType.TimestampMilliseconds or DuckDbType.TimestampNanoseconds => typeof(T) == typeof(long),
        DuckDbType.UTinyInt => typeof(T) == typeof(byte),
        DuckDbType.USmallInt => typeof(T) == typeof(ushort),
        DuckDbType.UInteger => typeof(T) == typeof(uint),
        DuckDbType.UBigInt => typeof(T) == typeof(ulong),
        DuckDbType.Float => typeof(T) == typeof(float),
        DuckDbType.Double => typeof(T) == typeof(double),
        DuckDbType.HugeInt => typeof(T) == typeof(Int128),
        DuckDbType.UHugeInt => typeof(T) == typeof(UInt128),
        _ => false,
    };

    public override string ToString() => Type switch
    {
        DuckDbType.List => $"{Element}[]",
        DuckDbType.Array => $"{Element}[{ArraySize}]",
        DuckDbType.Decimal => $"Decimal stored as {Storage} with scale {Scale}",
        _ => Type.ToString(),
    };
}

/// <summary>A column's name, for messages, and type.</summary>
internal readonly record struct ColumnInfo(string Name, ColumnType Type);

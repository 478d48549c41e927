using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>
/// A column of a chunk, in the engine's own memory: spans of values, a bitmap that tells which are not NULL. Valid as long as its chunk;
/// afterwards its memory is gone, so copy what is to be kept.
/// </summary>
public readonly unsafe ref struct DuckDbVector
{
    private readonly nint _vector;
    private readonly void* _data;
    private readonly ulong* _validity;
    private readonly ColumnType _type;
    private readonly string _column;

    internal DuckDbVector(nint vector, ColumnType type, string column, int length)
    {
        _vector = vector;
        _data = Api.duckdb_vector_get_data(vector);
        _validity = Api.duckdb_vector_get_validity(vector);
        _type = type;
        _column = column;
        Length = length;
    }

    /// <summary>Gets the type of the values.</summary>
    public DuckDbType Type => _type.Type;

    /// <summary>Gets the number of digits after the point of a DECIMAL; 0 for other types.</summary>
    public int DecimalScale => _type.Scale;

    /// <summary>Gets the number of values.</summary>
    public int Length { get; }

    /// <summary>Gets the bitmap of values that are not NULL: bit <c>i % 64</c> of word <c>i / 64</c>, lowest first, as in Arrow. Empty when no value is NULL.</summary>
    public ReadOnlySpan<ulong> Validity => _validity is null ? default : new ReadOnlySpan<ulong>(_validity, (Length + 63) / 64);

    /// <summary>Gets the elements of all rows of a LIST or ARRAY, one after the other; <see cref="ElementsOf"/> tells which are whose.</summary>
    /// <exception cref="InvalidOperationException">The column holds neither.</exception>
    public DuckDbVector Elements => _type.Type switch
    {
        DuckDbType.List => new DuckDbVector(Api.duckdb_list_vector_get_child(_vector), _type.Element!, _column, (int)Api.duckdb_list_vector_get_size(_vector)),
        DuckDbType.Array => new DuckDbVector(Api.duckdb_array_vector_get_child(_vector), _type.Element!, _column, Length * _type.ArraySize),
        _ => throw Unsuitable("has no elements"),
    };

    /// <summary>Tells whether a value is not NULL.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public bool IsValid(int row)
    {
        Check(row);
        return _validity is null || (_validity[row >> 6] >> (row & 63) & 1) != 0;
    }

    /// <summary>Gets the values of a column of fixed width. What stands where a value is NULL is undefined.</summary>
    /// <typeparam name="T">What <see cref="DuckDbType"/> names for the column's type.</typeparam>
    /// <exception cref="InvalidOperationException">The column's values are something else.</exception>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged =>
        _type.IsStoredAs<T>() ? new ReadOnlySpan<T>(_data, Length) : throw Unsuitable($"cannot be seen as {typeof(T).Name} values");

    /// <summary>Gets the UTF-8 bytes of a VARCHAR, or the bytes of a BLOB; empty for NULL.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column holds neither.</exception>
    public ReadOnlySpan<byte> Utf8(int row)
    {
        if (_type.Type is not (DuckDbType.Varchar or DuckDbType.Blob)) throw Unsuitable("holds neither text nor bytes");
        return IsValid(row) ? StringEntry.Bytes((StringEntry*)_data + row) : default;
    }

    /// <summary>Gets a VARCHAR as a new string; null for NULL.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold text.</exception>
    public string? GetString(int row)
    {
        if (_type.Type != DuckDbType.Varchar) throw Unsuitable("does not hold text");
        return IsValid(row) ? Encoding.UTF8.GetString(Utf8(row)) : null;
    }

    /// <summary>Gets where in <see cref="Elements"/> the elements of a row of a LIST or ARRAY lie; none for NULL.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>Index of the first element, and how many.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column holds neither.</exception>
    public (int Offset, int Length) ElementsOf(int row)
    {
        if (_type.Element is null) throw Unsuitable("has no elements");
        if (!IsValid(row)) return default;
        if (_type.Type == DuckDbType.Array) return (row * _type.ArraySize, _type.ArraySize);
        var entry = ((ListEntry*)_data)[row];
        return ((int)entry.Offset, (int)entry.Length);
    }

    /// <summary>Gets any number, BOOLEAN included, as double, rounded where it has more digits; NaN for NULL.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold numbers.</exception>
    public double GetDouble(int row)
    {
        Check(row);
        var value = 0d;
        VectorNumbers.ToDoubles(this, row, new Span<double>(ref value));
        return value;
    }

    /// <summary>Gets any integer.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold integers, or the value is NULL.</exception>
    /// <exception cref="OverflowException">A UHUGEINT is too large.</exception>
    public Int128 GetInt128(int row)
    {
        if (!IsValid(row)) throw new InvalidOperationException($"Column '{_column}' is NULL in row {row}. Ask IsValid first.");
        return VectorNumbers.ToInt128(this, row);
    }

    /// <summary>Gets any integer that fits into 64 bits.</summary>
    /// <inheritdoc cref="GetInt128"/>
    public long GetInt64(int row) => checked((long)GetInt128(row));

    /// <summary>Converts the numbers of the whole column, as <see cref="GetDouble"/> does.</summary>
    /// <param name="destination">Receives <see cref="Length"/> values.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold numbers.</exception>
    public void CopyDoubles(Span<double> destination)
    {
        if (destination.Length < Length) throw new ArgumentException($"The destination holds {destination.Length} values, column '{_column}' has {Length}.", nameof(destination));
        VectorNumbers.ToDoubles(this, 0, destination[..Length]);
    }

    /// <summary>Gets a time, whatever its unit, or the midnight of a DATE, as nanoseconds since 1970.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold times, or the value is NULL.</exception>
    /// <exception cref="OverflowException">The time lies outside 1677 … 2262.</exception>
    public long GetUnixNanoseconds(int row)
    {
        if (!IsValid(row)) throw new InvalidOperationException($"Column '{_column}' is NULL in row {row}. Ask IsValid first.");
        return checked(_type.Type switch
        {
            DuckDbType.TimestampNanoseconds => ((long*)_data)[row],
            DuckDbType.Timestamp or DuckDbType.TimestampTz => ((long*)_data)[row] * 1_000,
            DuckDbType.TimestampMilliseconds => ((long*)_data)[row] * 1_000_000,
            DuckDbType.TimestampSeconds => ((long*)_data)[row] * 1_000_000_000,
            DuckDbType.Date => ((int*)_data)[row] * 86_400_000_000_000,
            _ => throw Unsuitable("does not hold times"),
        });
    }

    internal DuckDbType Storage => _type.Storage;

    internal ReadOnlySpan<T> Raw<T>(int from, int count) where T : unmanaged => new((T*)_data + from, count);

    internal InvalidOperationException Unsuitable(string why) =>
        new($"Column '{_column}' of type {_type} {why}. Read it as its own type, or cast it in SQL.");

    private void Check(int row)
    {
        if ((uint)row >= (uint)Length) ThrowNoRow(row);
    }

    [DoesNotReturn]
    private void ThrowNoRow(int row) =>
        throw new ArgumentOutOfRangeException(nameof(row), row, $"Column '{_column}' has {Length} row(s) here, numbered from 0.");
}

using System.Numerics;
using Mlops.Python.Values;

namespace Mlops.Python;

/// <content>Conversions to .NET.</content>
public sealed unsafe partial class PythonObject
{
    /// <summary>Returns the truth of the object, as <c>if</c> sees it.</summary>
    /// <returns>The truth.</returns>
    public bool ToBoolean() => ValueReader.ReadTruth(_interpreter, Use());

    /// <summary>Returns an integer.</summary>
    /// <returns>The value of an int, bool, NumPy integer or anything else with <c>__index__</c>.</returns>
    /// <exception cref="PythonException">TypeError: it is no integer. OverflowError: it has more than 64 bits.</exception>
    public long ToInt64() => ValueReader.ReadInt64(_interpreter, Use());

    /// <summary>Returns an integer that is not negative.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="PythonException">TypeError: it is no integer. OverflowError: it is negative or has more than 64 bits.</exception>
    public ulong ToUInt64() => ValueReader.ReadUInt64(_interpreter, Use());

    /// <summary>Returns an integer of any size.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="PythonException">TypeError: it is no integer.</exception>
    public BigInteger ToBigInteger() => ValueReader.ReadBigInteger(_interpreter, Use());

    /// <summary>Returns a number.</summary>
    /// <returns>The value of a float, an integer, a NumPy number or anything else with <c>__float__</c>.</returns>
    /// <exception cref="PythonException">TypeError: it is no number. OverflowError: the integer is too large.</exception>
    public double ToDouble() => ValueReader.ReadDouble(_interpreter, Use());

    /// <summary>Returns a text, lone surrogates included.</summary>
    /// <returns>The value of a str.</returns>
    /// <exception cref="InvalidCastException">It is no str; <see cref="ToString"/> makes one of any object.</exception>
    public string ToText() => ValueReader.ReadText(_interpreter, Use());

    /// <summary>Returns a copy of the content of a bytes object.</summary>
    /// <returns>The bytes.</returns>
    /// <exception cref="InvalidCastException">It is no bytes object; see <see cref="ToArray{T}"/> for others that have memory.</exception>
    public byte[] ToBytes() => ValueReader.ReadBytes(_interpreter, Use());

    /// <summary>Returns the items of any iterable.</summary>
    /// <returns>The items as <see cref="ToObject"/> gives them.</returns>
    public IReadOnlyList<object?> ToList() => ValueReader.ReadList(_interpreter, Use());

    /// <summary>Returns the items of a dict.</summary>
    /// <returns>Keys and values as <see cref="ToObject"/> gives them.</returns>
    /// <exception cref="InvalidCastException">It is no dict.</exception>
    public IReadOnlyDictionary<object, object?> ToDictionary() => ValueReader.ReadDictionary(_interpreter, Use());

    /// <summary>Returns the natural .NET value.</summary>
    /// <returns>
    /// <see langword="null"/> for None; <see cref="bool"/>; <see cref="long"/>, beyond 64 bits <see cref="BigInteger"/>;
    /// <see cref="double"/>; <see cref="string"/>; a <see cref="byte"/> array; <see cref="List{T}"/> for list and tuple;
    /// <see cref="Dictionary{TKey, TValue}"/> for dict; for everything else a <see cref="PythonObject"/> to be disposed.
    /// </returns>
    /// <exception cref="InvalidOperationException">Lists or dicts are nested more than 64 deep, contain themselves, or a key is None.</exception>
    public object? ToObject() => ValueReader.Read(_interpreter, Use());

    /// <summary>Returns the value as a given type.</summary>
    /// <typeparam name="T">
    /// <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="ulong"/>, <see cref="BigInteger"/>, <see cref="float"/>,
    /// <see cref="double"/>, <see cref="string"/>, a <see cref="byte"/> array, <see cref="PythonObject"/> or <see cref="object"/>.
    /// </typeparam>
    /// <returns>The value; <see langword="null"/> for None when the type is a reference type.</returns>
    /// <exception cref="NotSupportedException">The type is none of these.</exception>
    public T As<T>()
    {
        if (typeof(T) == typeof(bool))
            return (T)(object)ToBoolean();
        if (typeof(T) == typeof(int))
            return (T)(object)checked((int)ToInt64());
        if (typeof(T) == typeof(long))
            return (T)(object)ToInt64();
        if (typeof(T) == typeof(ulong))
            return (T)(object)ToUInt64();
        if (typeof(T) == typeof(BigInteger))
            return (T)(object)ToBigInteger();
        if (typeof(T) == typeof(float))
            return (T)(object)(float)ToDouble();
        if (typeof(T) == typeof(double))
            return (T)(object)ToDouble();
        if (typeof(T) == typeof(PythonObject))
            return (T)(object)Share();
        if (!typeof(T).IsValueType && IsNone)
            return default!;
        if (typeof(T) == typeof(string))
            return (T)(object)ToText();
        if (typeof(T) == typeof(byte[]))
            return (T)(object)ToBytes();
        if (typeof(T) == typeof(object))
            return (T)ToObject()!;
        throw new NotSupportedException($"A Python object of type '{TypeName}' cannot be read as {typeof(T)}.");
    }

    /// <summary>Opens the memory of an object, for example an ndarray or a memoryview, without a copy.</summary>
    /// <typeparam name="T">The type of the elements; has to be the one of the object.</typeparam>
    /// <returns>The memory, to be disposed inside the call.</returns>
    /// <exception cref="PythonException">The object has no memory to show, or not in C order.</exception>
    /// <exception cref="InvalidCastException">The elements are of another type.</exception>
    public PythonMemory<T> OpenMemory<T>()
        where T : unmanaged
        => PythonMemory<T>.Open(_interpreter, this);

    /// <summary>Copies the elements of an object that has memory, for example an ndarray, row by row.</summary>
    /// <typeparam name="T">The type of the elements; has to be the one of the object.</typeparam>
    /// <returns>The elements.</returns>
    /// <exception cref="PythonException">The object has no memory to show, or not in C order.</exception>
    /// <exception cref="InvalidCastException">The elements are of another type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        using var memory = OpenMemory<T>();
        return memory.Span.ToArray();
    }

    /// <summary>Copies the elements of an object that has memory into memory of the caller.</summary>
    /// <typeparam name="T">The type of the elements; has to be the one of the object.</typeparam>
    /// <param name="destination">The destination, at least as long as the object's memory.</param>
    /// <returns>The number of elements.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="PythonException">The object has no memory to show, or not in C order.</exception>
    /// <exception cref="InvalidCastException">The elements are of another type.</exception>
    public int CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        using var memory = OpenMemory<T>();
        memory.Span.CopyTo(destination);
        return memory.Span.Length;
    }
}

using System.Globalization;

namespace Mlops.Drivers.OpcUa.Types;

/// <summary>A value of any built-in type: one, an array, or a matrix. Numbers are held without boxing.</summary>
public readonly struct Variant : IEquatable<Variant>
{
    private readonly long _bits;
    private readonly object? _reference;

    private Variant(BuiltInType type, long bits, object? reference, bool isArray)
    {
        Type = type;
        _bits = bits;
        _reference = reference;
        IsArray = isArray;
    }

    /// <summary>Gets the type of the value, or of the elements.</summary>
    public BuiltInType Type { get; }

    /// <summary>Gets a value indicating whether this is an array or a matrix.</summary>
    public bool IsArray { get; }

    /// <summary>Gets a value indicating whether there is no value.</summary>
    public bool IsNull => Type == BuiltInType.Null;

    /// <summary>Gets the lengths of the dimensions of a matrix; empty for everything else.</summary>
    public IReadOnlyList<int> Dimensions => _reference is Matrix matrix ? matrix.Dimensions : [];

    /// <summary>Gets the elements of an array or matrix: <c>bool[]</c>, <c>sbyte[]</c> … <c>double[]</c>, <c>string[]</c>, <see cref="UaTime"/>[] and so on; <see langword="null"/> when it is neither, or a null array.</summary>
    public Array? Elements => !IsArray ? null : _reference is Matrix matrix ? matrix.Elements : (Array?)_reference;

    /// <summary>Makes a Boolean.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The variant.</returns>
    public static Variant From(bool value) => new(BuiltInType.Boolean, value ? 1 : 0, null, false);

    /// <summary>Makes an integer.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type; the value must fit.</param>
    /// <returns>The variant.</returns>
    public static Variant From(long value, BuiltInType type = BuiltInType.Int64) => new(type, value, null, false);

    /// <summary>Makes a <see cref="BuiltInType.UInt64"/>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The variant.</returns>
    public static Variant From(ulong value) => new(BuiltInType.UInt64, unchecked((long)value), null, false);

    /// <summary>Makes a <see cref="BuiltInType.Float"/>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The variant.</returns>
    public static Variant From(float value) => new(BuiltInType.Float, BitConverter.SingleToInt32Bits(value), null, false);

    /// <summary>Makes a <see cref="BuiltInType.Double"/>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The variant.</returns>
    public static Variant From(double value) => new(BuiltInType.Double, BitConverter.DoubleToInt64Bits(value), null, false);

    /// <summary>Makes a <see cref="BuiltInType.DateTime"/>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The variant.</returns>
    public static Variant From(UaTime value) => new(BuiltInType.DateTime, value.Ticks, null, false);

    /// <summary>Makes a <see cref="BuiltInType.StatusCode"/>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The variant.</returns>
    public static Variant From(StatusCode value) => new(BuiltInType.StatusCode, value.Code, null, false);

    /// <summary>Makes a text.</summary>
    /// <param name="value">The value; <see langword="null"/> is a null text.</param>
    /// <param name="type">Text or XML.</param>
    /// <returns>The variant.</returns>
    public static Variant From(string? value, BuiltInType type = BuiltInType.String) => new(type, 0, value, false);

    /// <summary>Makes a <see cref="BuiltInType.ByteString"/>.</summary>
    /// <param name="value">The bytes; not copied.</param>
    /// <returns>The variant.</returns>
    public static Variant FromBytes(byte[]? value) => new(BuiltInType.ByteString, 0, value, false);

    /// <summary>Makes a value of a type that is held as an object.</summary>
    /// <param name="type">The type: <see cref="BuiltInType.Guid"/>, <see cref="BuiltInType.NodeId"/> or any after it.</param>
    /// <param name="value">A <see cref="System.Guid"/>, <see cref="Types.NodeId"/>, <see cref="ExpandedNodeId"/>, <see cref="QualifiedName"/>, <see cref="LocalizedText"/>, <see cref="Types.ExtensionObject"/> or <see cref="DataValue"/>.</param>
    /// <returns>The variant.</returns>
    public static Variant FromObject(BuiltInType type, object? value) => new(type, 0, value, false);

    /// <summary>Makes an array.</summary>
    /// <param name="type">Type of the elements.</param>
    /// <param name="elements">The elements, see <see cref="Elements"/>; not copied.</param>
    /// <returns>The variant.</returns>
    public static Variant FromArray(BuiltInType type, Array? elements) => new(type, 0, elements, true);

    /// <summary>Makes a matrix.</summary>
    /// <param name="type">Type of the elements.</param>
    /// <param name="matrix">The matrix.</param>
    /// <returns>The variant.</returns>
    public static Variant FromMatrix(BuiltInType type, Matrix matrix) => new(type, 0, matrix, true);

    /// <summary>Returns an integer of any width, Boolean, status or time as 64 bits.</summary>
    /// <returns>The number; an unsigned one of 64 bits with the same bits.</returns>
    public long AsInt64() => _bits;

    /// <summary>Returns a number as a double.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether this is one number or Boolean.</returns>
    public bool TryGetDouble(out double value)
    {
        value = 0;
        if (IsArray)
            return false;
        switch (Type)
        {
            case BuiltInType.Double:
                value = BitConverter.Int64BitsToDouble(_bits);
                return true;
            case BuiltInType.Float:
                value = BitConverter.Int32BitsToSingle((int)_bits);
                return true;
            case BuiltInType.UInt64:
                value = unchecked((ulong)_bits);
                return true;
            case >= BuiltInType.Boolean and <= BuiltInType.Int64:
                value = _bits;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Returns the value as an object: the .NET type of the same width, or what <see cref="FromObject"/> and <see cref="Elements"/> name.</summary>
    /// <returns>The object; <see langword="null"/> when there is no value.</returns>
    public object? ToObject() => IsArray ? _reference : Type switch
    {
        BuiltInType.Null => null,
        BuiltInType.Boolean => _bits != 0,
        BuiltInType.SByte => (sbyte)_bits,
        BuiltInType.Byte => (byte)_bits,
        BuiltInType.Int16 => (short)_bits,
        BuiltInType.UInt16 => (ushort)_bits,
        BuiltInType.Int32 => (int)_bits,
        BuiltInType.UInt32 => (uint)_bits,
        BuiltInType.Int64 => _bits,
        BuiltInType.UInt64 => unchecked((ulong)_bits),
        BuiltInType.Float => BitConverter.Int32BitsToSingle((int)_bits),
        BuiltInType.Double => BitConverter.Int64BitsToDouble(_bits),
        BuiltInType.DateTime => new UaTime(_bits),
        BuiltInType.StatusCode => new StatusCode((uint)_bits),
        _ => _reference,
    };

    /// <inheritdoc/>
    public bool Equals(Variant other)
    {
        if (Type != other.Type || IsArray != other.IsArray || _bits != other._bits)
            return false;
        if (_reference is Matrix mine && other._reference is Matrix theirs)
            return mine.Dimensions.SequenceEqual(theirs.Dimensions) && SameElements(mine.Elements, theirs.Elements);
        return _reference is Array left && other._reference is Array right ? SameElements(left, right) : Equals(_reference, other._reference);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Variant other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, IsArray, _bits, _reference is Array or Matrix ? Elements?.Length ?? 0 : _reference?.GetHashCode() ?? 0);

    /// <inheritdoc/>
    public override string ToString() => IsArray ? $"{Type}[{string.Join(", ", Elements?.Cast<object?>().Take(10) ?? [])}{(Elements?.Length > 10 ? ", …" : "")}]"
        : ToObject() switch
        {
            byte[] bytes => Convert.ToBase64String(bytes),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    /// <summary>Whether two variants are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether type and value are equal.</returns>
    public static bool operator ==(Variant left, Variant right) => left.Equals(right);

    /// <summary>Whether two variants differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether type or value differ.</returns>
    public static bool operator !=(Variant left, Variant right) => !left.Equals(right);

    private static bool SameElements(Array left, Array right)
    {
        if (left.Length != right.Length || left.GetType() != right.GetType())
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            object? mine = left.GetValue(i);
            object? theirs = right.GetValue(i);
            if (!(mine is byte[] a && theirs is byte[] b ? a.AsSpan().SequenceEqual(b) : Equals(mine, theirs)))
                return false;
        }

        return true;
    }
}

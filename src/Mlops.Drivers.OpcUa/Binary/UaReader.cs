using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Binary;

/// <summary>Reads the binary encoding (OPC 10000-6, 5.2) from foreign bytes: whatever they are, it ends with a value or a <see cref="UaException"/>.</summary>
internal ref struct UaReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _nesting;

    /// <summary>Gets how many bytes are read.</summary>
    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public sbyte SByte() => (sbyte)Take(1)[0];

    public bool Boolean() => Take(1)[0] != 0;

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public short Int16() => BinaryPrimitives.ReadInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public UaTime Time() => new(Int64());

    public StatusCode Status() => new(UInt32());

    public Guid Guid() => new(Take(16));

    public string? String()
    {
        int length = Int32();
        return length < 0 ? null : length == 0 ? "" : System.Text.Encoding.UTF8.GetString(Take(length));
    }

    public byte[]? ByteString()
    {
        int length = Int32();
        return length < 0 ? null : Take(length).ToArray();
    }

    /// <summary>Returns the bytes without copying; none when it is null.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        int length = Int32();
        return length <= 0 ? default : Take(length);
    }

    public NodeId NodeId() => NodeId(Byte());

    public ExpandedNodeId ExpandedNodeId()
    {
        byte encoding = Byte();
        NodeId id = NodeId((byte)(encoding & 0x3F));
        string? uri = (encoding & 0x80) != 0 ? String() : null;
        return new ExpandedNodeId(id, uri, (encoding & 0x40) != 0 ? UInt32() : 0);
    }

    public QualifiedName QualifiedName() => new(UInt16(), String());

    public LocalizedText LocalizedText()
    {
        byte mask = Byte();
        string? locale = (mask & 1) != 0 ? String() : null;
        return new LocalizedText((mask & 2) != 0 ? String() : null, locale);
    }

    public ExtensionObject? ExtensionObject()
    {
        NodeId type = NodeId();
        byte encoding = Byte();
        if (encoding > 2)
            throw Wrong($"an ExtensionObject has encoding {encoding}");
        byte[] body = encoding == 0 ? [] : ByteString() ?? [];
        return type.IsNull && encoding == 0 ? null : new ExtensionObject(type, body, encoding == 2);
    }

    /// <summary>Reads type and length of an ExtensionObject with a binary body and stands at its body.</summary>
    /// <returns>The type's number in namespace 0, or 0 for any other; and where the body ends.</returns>
    public (uint Type, int End) BeginExtensionObject()
    {
        NodeId type = NodeId();
        byte encoding = Byte();
        if (encoding > 2)
            throw Wrong($"an ExtensionObject has encoding {encoding}");
        int length = encoding == 0 ? 0 : Math.Max(Int32(), 0);
        if (length > Remaining)
            throw Wrong($"an ExtensionObject of {length} bytes exceeds the message");
        return (encoding == 1 && type is { NamespaceIndex: 0, Kind: NodeIdKind.Numeric } ? type.Number : 0, Position + length);
    }

    /// <summary>Goes to the end of an ExtensionObject: a newer server may have written more than is known here.</summary>
    public void EndExtensionObject(int end)
    {
        if (end < Position || end > _bytes.Length)
            throw Wrong("an ExtensionObject is shorter than its content");
        Position = end;
    }

    public DataValue DataValue()
    {
        Enter();
        byte mask = Byte();
        Variant value = (mask & 0x01) != 0 ? Variant() : default;
        StatusCode status = (mask & 0x02) != 0 ? Status() : default;
        UaTime source = (mask & 0x04) != 0 ? Time() : default;
        if ((mask & 0x10) != 0)
            UInt16();
        UaTime server = (mask & 0x08) != 0 ? Time() : default;
        if ((mask & 0x20) != 0)
            UInt16();
        _nesting--;
        return new DataValue(value, status, source, server);
    }

    public Variant Variant()
    {
        byte encoding = Byte();
        var type = (BuiltInType)(encoding & 0x3F);
        // Types 26 to 31 are reserved and to be read as ByteString (5.2.2.16).
        if (type > BuiltInType.DiagnosticInfo)
            type = (byte)type <= 31 ? BuiltInType.ByteString : throw Wrong($"a Variant has type {(byte)type}");
        if ((encoding & 0x80) == 0)
        {
            return (encoding & 0x40) == 0 ? Scalar(type) : throw Wrong("a Variant has dimensions but is no array");
        }

        Enter();
        Array? elements = Elements(type);
        _nesting--;
        if ((encoding & 0x40) == 0)
            return Types.Variant.FromArray(type, elements);
        int count = Count(4);
        var dimensions = new int[Math.Max(count, 0)];
        long product = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = Int32();
            product = dimensions[i] < 0 ? -1 : Math.Min(product * dimensions[i], int.MaxValue);
            if (product < 0)
                throw Wrong("a matrix has a negative dimension");
        }

        if (dimensions.Length < 2)
            return Types.Variant.FromArray(type, elements);
        return product == (elements?.Length ?? 0) ? Types.Variant.FromMatrix(type, new Matrix(elements ?? Array.Empty<object>(), dimensions))
            : throw Wrong($"a matrix of {string.Join('×', dimensions)} has {elements?.Length ?? 0} elements");
    }

    public void SkipDiagnosticInfo()
    {
        Enter();
        byte mask = Byte();
        for (int bit = 1; bit <= 8; bit <<= 1)
        {
            if ((mask & bit) != 0)
                Int32();
        }

        if ((mask & 0x10) != 0)
            Bytes();
        if ((mask & 0x20) != 0)
            UInt32();
        if ((mask & 0x40) != 0)
            SkipDiagnosticInfo();
        _nesting--;
    }

    public void SkipDiagnosticInfos()
    {
        for (int left = Count(1); left > 0; left--)
            SkipDiagnosticInfo();
    }

    /// <summary>Reads the length of an array, which must fit into what is left of the message.</summary>
    /// <param name="smallest">Bytes of the smallest element.</param>
    /// <returns>The length; -1 for a null array.</returns>
    public int Count(int smallest)
    {
        int count = Int32();
        if (count < 0)
            return -1;
        return (long)count * smallest <= Remaining ? count : throw Wrong($"an array of {count} elements exceeds the message");
    }

    public string?[] Strings() => (string?[]?)Elements(BuiltInType.String) ?? [];

    public StatusCode[] Statuses() => (StatusCode[]?)Elements(BuiltInType.StatusCode) ?? [];

    /// <summary>Reads one value of a type without the type before it.</summary>
    public Variant Scalar(BuiltInType type)
    {
        switch (type)
        {
            case BuiltInType.Null: return default;
            case BuiltInType.Boolean: return Types.Variant.From(Boolean());
            case BuiltInType.SByte: return Types.Variant.From(SByte(), type);
            case BuiltInType.Byte: return Types.Variant.From(Byte(), type);
            case BuiltInType.Int16: return Types.Variant.From(Int16(), type);
            case BuiltInType.UInt16: return Types.Variant.From(UInt16(), type);
            case BuiltInType.Int32: return Types.Variant.From(Int32(), type);
            case BuiltInType.UInt32: return Types.Variant.From(UInt32(), type);
            case BuiltInType.Int64: return Types.Variant.From(Int64());
            case BuiltInType.UInt64: return Types.Variant.From(UInt64());
            case BuiltInType.Float: return Types.Variant.From(Float());
            case BuiltInType.Double: return Types.Variant.From(Double());
            case BuiltInType.String or BuiltInType.XmlElement: return Types.Variant.From(String(), type);
            case BuiltInType.DateTime: return Types.Variant.From(Time());
            case BuiltInType.ByteString: return Types.Variant.FromBytes(ByteString());
            case BuiltInType.StatusCode: return Types.Variant.From(Status());
            // A Variant holds no single Variant (5.2.2.16); who sends one shall not nest them without end.
            case BuiltInType.Variant: throw Wrong("a Variant holds a Variant");
            default: return Types.Variant.FromObject(type, Object(type));
        }
    }

    private object? Object(BuiltInType type)
    {
        switch (type)
        {
            case BuiltInType.Guid: return Guid();
            case BuiltInType.NodeId: return NodeId();
            case BuiltInType.ExpandedNodeId: return ExpandedNodeId();
            case BuiltInType.QualifiedName: return QualifiedName();
            case BuiltInType.LocalizedText: return LocalizedText();
            case BuiltInType.ExtensionObject: return ExtensionObject();
            case BuiltInType.DataValue: return DataValue();
            default:
                SkipDiagnosticInfo();
                return null;
        }
    }

    /// <summary>Reads an array of a type without the type before it; null stays null.</summary>
    public Array? Elements(BuiltInType type)
    {
        switch (type)
        {
            case BuiltInType.Null: throw Wrong("an array has no type of elements");
            case BuiltInType.Boolean: return Booleans();
            case BuiltInType.SByte: return Numbers<sbyte>();
            case BuiltInType.Byte: return Numbers<byte>();
            case BuiltInType.Int16: return Numbers<short>();
            case BuiltInType.UInt16: return Numbers<ushort>();
            case BuiltInType.Int32: return Numbers<int>();
            case BuiltInType.UInt32: return Numbers<uint>();
            case BuiltInType.Int64: return Numbers<long>();
            case BuiltInType.UInt64: return Numbers<ulong>();
            case BuiltInType.Float: return Numbers<float>();
            case BuiltInType.Double: return Numbers<double>();
            case BuiltInType.DateTime: return Numbers<UaTime>();
            case BuiltInType.StatusCode: return Numbers<StatusCode>();
            case BuiltInType.String or BuiltInType.XmlElement: return List(4, static (ref UaReader r) => r.String());
            case BuiltInType.ByteString: return List(4, static (ref UaReader r) => r.ByteString());
            case BuiltInType.Guid: return List(16, static (ref UaReader r) => r.Guid());
            case BuiltInType.NodeId: return List(2, static (ref UaReader r) => r.NodeId());
            case BuiltInType.ExpandedNodeId: return List(2, static (ref UaReader r) => r.ExpandedNodeId());
            case BuiltInType.QualifiedName: return List(6, static (ref UaReader r) => r.QualifiedName());
            case BuiltInType.LocalizedText: return List(1, static (ref UaReader r) => r.LocalizedText());
            case BuiltInType.ExtensionObject: return List(3, static (ref UaReader r) => r.ExtensionObject());
            case BuiltInType.DataValue: return List(1, static (ref UaReader r) => r.DataValue());
            case BuiltInType.Variant: return List(1, static (ref UaReader r) => r.Variant());
            default:
                SkipDiagnosticInfos();
                return null;
        }
    }

    public delegate T Element<T>(ref UaReader reader);

    /// <summary>Reads an array; null stays null.</summary>
    public T[]? List<T>(int smallest, Element<T> read)
    {
        int count = Count(smallest);
        if (count < 0)
            return null;
        // Grows with what is really there: a length alone does not take memory that is a multiple of the message.
        var list = new List<T>(Math.Min(count, 1024));
        for (int i = 0; i < count; i++)
            list.Add(read(ref this));
        return [.. list];
    }

    private T[]? Numbers<T>()
        where T : unmanaged
    {
        int count = Count(Unsafe.SizeOf<T>());
        if (count < 0)
            return null;
        var numbers = new T[count];
        Take(count * Unsafe.SizeOf<T>()).CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    private bool[]? Booleans()
    {
        byte[]? bytes = Numbers<byte>();
        return bytes is null ? null : Array.ConvertAll(bytes, b => b != 0);
    }

    private NodeId NodeId(byte encoding) => encoding switch
    {
        0 => new NodeId(Byte()),
        1 => Short(),
        2 => Numeric(),
        3 => Text(),
        4 => Unique(),
        5 => Opaque(),
        _ => throw Wrong($"a NodeId has encoding {encoding}"),
    };

    private NodeId Short()
    {
        byte index = Byte();
        return new NodeId(UInt16(), index);
    }

    private NodeId Numeric()
    {
        ushort index = UInt16();
        return new NodeId(UInt32(), index);
    }

    private NodeId Text()
    {
        ushort index = UInt16();
        return new NodeId(String() ?? "", index);
    }

    private NodeId Unique()
    {
        ushort index = UInt16();
        return new NodeId(Guid(), index);
    }

    private NodeId Opaque()
    {
        ushort index = UInt16();
        return new NodeId(Bytes(), index);
    }

    private void Enter()
    {
        if (++_nesting > UaLimits.Nesting)
            throw new UaException(StatusCodes.BadEncodingLimitsExceeded, $"values are nested more than {UaLimits.Nesting} deep");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(_bytes.Length - Position))
            throw Short(count);
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    private readonly UaException Short(int count) => Wrong($"{count} bytes are missing at byte {Position} of {_bytes.Length}");

    private static UaException Wrong(string what) => new(StatusCodes.BadDecodingError, $"The message cannot be read: {what}.");
}

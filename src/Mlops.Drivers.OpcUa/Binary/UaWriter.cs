using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Binary;

/// <summary>Writes the binary encoding (OPC 10000-6, 5.2) into memory that grows and is used again.</summary>
internal sealed class UaWriter
{
    private byte[] _bytes = new byte[1024];

    /// <summary>Gets how many bytes are written.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Next(1)[0] = value;

    public void Boolean(bool value) => Next(1)[0] = value ? (byte)1 : (byte)0;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Next(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(4), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Next(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Next(8), value);

    public void Float(float value) => BinaryPrimitives.WriteSingleLittleEndian(Next(4), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Next(8), value);

    public void Time(UaTime value) => Int64(value.Ticks);

    public void Status(StatusCode value) => UInt32(value.Code);

    public void String(string? value)
    {
        if (value is null)
        {
            Int32(-1);
            return;
        }

        int length = System.Text.Encoding.UTF8.GetByteCount(value);
        Int32(length);
        System.Text.Encoding.UTF8.GetBytes(value, Next(length));
    }

    public void ByteString(byte[]? value)
    {
        if (value is null)
            Int32(-1);
        else
            Bytes(value);
    }

    /// <summary>Writes length and bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        Raw(value);
    }

    /// <summary>Writes bytes without a length.</summary>
    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

    /// <summary>Leaves room for a length that <see cref="EndLength"/> fills in.</summary>
    public int BeginLength()
    {
        Int32(0);
        return Length;
    }

    public void EndLength(int start) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start - 4), Length - start);

    public void Guid(Guid value) => value.TryWriteBytes(Next(16));

    public void NodeId(NodeId value) => NodeId(value, 0);

    public void ExpandedNodeId(ExpandedNodeId value)
    {
        NodeId(value.NamespaceUri is null ? value.Id : value.Id.WithNamespace(0), (byte)((value.NamespaceUri is null ? 0 : 0x80) | (value.ServerIndex == 0 ? 0 : 0x40)));
        if (value.NamespaceUri is not null)
            String(value.NamespaceUri);
        if (value.ServerIndex != 0)
            UInt32(value.ServerIndex);
    }

    public void QualifiedName(QualifiedName value)
    {
        UInt16(value.NamespaceIndex);
        String(value.Name);
    }

    public void LocalizedText(LocalizedText value)
    {
        Byte((byte)((value.Locale is null ? 0 : 1) | (value.Text is null ? 0 : 2)));
        if (value.Locale is not null)
            String(value.Locale);
        if (value.Text is not null)
            String(value.Text);
    }

    public void ExtensionObject(ExtensionObject? value)
    {
        NodeId(value?.TypeId ?? default);
        Byte(value is null ? (byte)0 : value.IsXml ? (byte)2 : (byte)1);
        if (value is not null)
            Bytes(value.Body.Span);
    }

    /// <summary>Starts an ExtensionObject of OPC UA's own; its body follows, then <see cref="EndLength"/>.</summary>
    public int BeginExtensionObject(uint type)
    {
        NodeId(new NodeId(type));
        Byte(1);
        return BeginLength();
    }

    public void DataValue(DataValue value)
    {
        Byte((byte)((value.Value.IsNull ? 0 : 1) | (value.Status.Code == 0 ? 0 : 2) | (value.SourceTime.IsNone ? 0 : 4) | (value.ServerTime.IsNone ? 0 : 8)));
        if (!value.Value.IsNull)
            Variant(value.Value);
        if (value.Status.Code != 0)
            Status(value.Status);
        if (!value.SourceTime.IsNone)
            Time(value.SourceTime);
        if (!value.ServerTime.IsNone)
            Time(value.ServerTime);
    }

    public void Variant(Variant value)
    {
        IReadOnlyList<int> dimensions = value.Dimensions;
        Byte((byte)((byte)value.Type | (value.IsArray ? 0x80 : 0) | (dimensions.Count > 0 ? 0x40 : 0)));
        if (!value.IsArray)
        {
            Scalar(value);
            return;
        }

        Elements(value.Type, value.Elements);
        if (dimensions.Count == 0)
            return;
        Int32(dimensions.Count);
        foreach (int dimension in dimensions)
            Int32(dimension);
    }

    private void Scalar(Variant value)
    {
        switch (value.Type)
        {
            case BuiltInType.Null: break;
            case BuiltInType.Boolean or BuiltInType.SByte or BuiltInType.Byte: Byte((byte)value.AsInt64()); break;
            case BuiltInType.Int16 or BuiltInType.UInt16: UInt16((ushort)value.AsInt64()); break;
            case BuiltInType.Int32 or BuiltInType.UInt32 or BuiltInType.Float or BuiltInType.StatusCode: UInt32((uint)value.AsInt64()); break;
            case BuiltInType.Int64 or BuiltInType.UInt64 or BuiltInType.Double or BuiltInType.DateTime: Int64(value.AsInt64()); break;
            default: Object(value.Type, value.ToObject()); break;
        }
    }

    private void Object(BuiltInType type, object? value)
    {
        switch (type)
        {
            case BuiltInType.String or BuiltInType.XmlElement: String((string?)value); break;
            case BuiltInType.ByteString: ByteString((byte[]?)value); break;
            case BuiltInType.Guid: Guid((Guid)(value ?? System.Guid.Empty)); break;
            case BuiltInType.NodeId: NodeId((NodeId)(value ?? default(NodeId))); break;
            case BuiltInType.ExpandedNodeId: ExpandedNodeId((ExpandedNodeId)(value ?? default(ExpandedNodeId))); break;
            case BuiltInType.QualifiedName: QualifiedName((QualifiedName)(value ?? default(QualifiedName))); break;
            case BuiltInType.LocalizedText: LocalizedText((LocalizedText)(value ?? default(LocalizedText))); break;
            case BuiltInType.ExtensionObject: ExtensionObject((ExtensionObject?)value); break;
            case BuiltInType.DataValue: DataValue((DataValue)(value ?? default(DataValue))); break;
            case BuiltInType.Variant: Variant((Variant)(value ?? default(Variant))); break;
            // Written as one with nothing in it: diagnostics go from the server to the client only.
            default: Byte(0); break;
        }
    }

    private void Elements(BuiltInType type, Array? elements)
    {
        if (elements is null)
        {
            Int32(-1);
            return;
        }

        Int32(elements.Length);
        switch (elements)
        {
            case bool[] booleans: Raw(MemoryMarshal.AsBytes<bool>(booleans)); break;
            case byte[] bytes: Raw(bytes); break;
            case short[] numbers: Raw(MemoryMarshal.AsBytes<short>(numbers)); break;
            case int[] numbers: Raw(MemoryMarshal.AsBytes<int>(numbers)); break;
            case long[] numbers: Raw(MemoryMarshal.AsBytes<long>(numbers)); break;
            case float[] numbers: Raw(MemoryMarshal.AsBytes<float>(numbers)); break;
            case double[] numbers: Raw(MemoryMarshal.AsBytes<double>(numbers)); break;
            case UaTime[] times: Raw(MemoryMarshal.AsBytes<UaTime>(times)); break;
            case StatusCode[] statuses: Raw(MemoryMarshal.AsBytes<StatusCode>(statuses)); break;
            default:
                foreach (object? element in elements)
                    Object(type, element);
                break;
        }
    }

    private void NodeId(NodeId value, byte flags)
    {
        switch (value.Kind)
        {
            case NodeIdKind.Numeric when value is { NamespaceIndex: 0, Number: <= 255 }:
                Byte(flags);
                Byte((byte)value.Number);
                break;
            case NodeIdKind.Numeric when value is { NamespaceIndex: <= 255, Number: <= 65535 }:
                Byte((byte)(1 | flags));
                Byte((byte)value.NamespaceIndex);
                UInt16((ushort)value.Number);
                break;
            case NodeIdKind.Numeric:
                Byte((byte)(2 | flags));
                UInt16(value.NamespaceIndex);
                UInt32(value.Number);
                break;
            case NodeIdKind.String:
                Byte((byte)(3 | flags));
                UInt16(value.NamespaceIndex);
                String(value.Text);
                break;
            case NodeIdKind.Guid:
                Byte((byte)(4 | flags));
                UInt16(value.NamespaceIndex);
                Guid(System.Guid.Parse(value.Text!));
                break;
            default:
                Byte((byte)(5 | flags));
                UInt16(value.NamespaceIndex);
                Bytes(Convert.FromBase64String(value.Text!));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Next(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Length + count)));
        Span<byte> next = _bytes.AsSpan(Length, count);
        Length += count;
        return next;
    }
}

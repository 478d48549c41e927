using Mlops.Onnx.Native;

namespace Mlops.Onnx.Sessions;

/// <summary>A value that a model gave: a tensor, a sequence or a map. A view; items of sequences and maps must be disposed.</summary>
public readonly unsafe ref struct OnnxValue
{
    private readonly string _model;
    private readonly nint _value;
    private readonly nint _allocator;
    private readonly bool _isOwned;

    internal OnnxValue(string model, nint value, nint allocator, bool isOwned)
    {
        _model = model;
        _value = value != 0 ? value : throw new InvalidOperationException($"Model '{model}' has given no value yet. Run it first.");
        _allocator = allocator;
        _isOwned = isOwned;
    }

    /// <summary>Gets what it is.</summary>
    public OnnxValueKind Kind
    {
        get
        {
            int kind;
            Api.Check(Api.GetValueType(_value, &kind), _model, "describe a value");
            return (OnnxValueKind)kind;
        }
    }

    /// <summary>Gets the type of the elements of a tensor.</summary>
    public OnnxElementType ElementType => Describe(default, out _, out _);

    /// <summary>Gets the number of elements of a tensor.</summary>
    public long Count
    {
        get
        {
            Describe(default, out _, out long count);
            return count;
        }
    }

    /// <summary>Gets the number of items of a sequence; 2 for a map, its keys and its values.</summary>
    public int ItemCount
    {
        get
        {
            nuint count;
            Api.Check(Api.GetValueCount(_value, &count), _model, "count the items of a value");
            return (int)count;
        }
    }

    /// <summary>Copies the dimensions of a tensor.</summary>
    /// <param name="sizes">Receives them.</param>
    /// <returns>How many there are; more than were copied when the span is shorter.</returns>
    public int Shape(Span<long> sizes)
    {
        Describe(sizes, out int rank, out _);
        return rank;
    }

    /// <summary>Returns the elements of a tensor without a copy.</summary>
    /// <typeparam name="T">A type of their width.</typeparam>
    /// <returns>The elements, row by row; valid as long as the value.</returns>
    /// <exception cref="InvalidOperationException">The elements have another width.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged
    {
        OnnxElementType type = Describe(default, out _, out long count);
        if (OnnxCall.Width(type) != sizeof(T))
            throw new InvalidOperationException($"A value of model '{_model}' holds {type} and cannot be read as {typeof(T).Name}.");
        void* data;
        Api.Check(Api.GetTensorMutableData(_value, &data), _model, "read a value");
        return new ReadOnlySpan<T>(data, checked((int)count));
    }

    /// <summary>Copies the UTF-8 bytes of an element of a tensor of texts.</summary>
    /// <param name="element">Which element, row by row.</param>
    /// <param name="utf8">Receives the bytes when it is long enough.</param>
    /// <returns>How many bytes there are.</returns>
    public int Text(int element, Span<byte> utf8)
    {
        nuint length;
        Api.Check(Api.GetStringTensorElementLength(_value, (nuint)element, &length), _model, "read a text");
        if ((int)length <= utf8.Length)
        {
            fixed (byte* target = utf8)
                Api.Check(Api.GetStringTensorElement(_value, length, (nuint)element, target), _model, "read a text");
        }

        return (int)length;
    }

    /// <summary>Returns an item of a sequence, or keys (0) or values (1) of a map.</summary>
    /// <param name="index">Which.</param>
    /// <returns>The item; dispose it.</returns>
    public OnnxValue Item(int index)
    {
        nint item;
        Api.Check(Api.GetValue(_value, index, _allocator, &item), _model, "read an item of a value");
        return new OnnxValue(_model, item, _allocator, isOwned: true);
    }

    /// <summary>Releases an item; does nothing for outputs, which live until the next run.</summary>
    public void Dispose()
    {
        if (_isOwned)
            Api.ReleaseValue(_value);
    }

    private OnnxElementType Describe(Span<long> sizes, out int rank, out long count)
    {
        nint info;
        Api.Check(Api.GetTensorTypeAndShape(_value, &info), _model, "describe a value");
        try
        {
            int type;
            nuint dimensions, elements;
            Api.Check(Api.GetTensorElementType(info, &type), _model, "describe a value");
            Api.Check(Api.GetDimensionsCount(info, &dimensions), _model, "describe a value");
            Api.Check(Api.GetTensorShapeElementCount(info, &elements), _model, "describe a value");
            fixed (long* target = sizes)
                Api.Check(Api.GetDimensions(info, target, Math.Min(dimensions, (nuint)sizes.Length)), _model, "describe a value");
            (rank, count) = ((int)dimensions, (long)elements);
            return (OnnxElementType)type;
        }
        finally
        {
            Api.ReleaseTensorInfo(info);
        }
    }
}

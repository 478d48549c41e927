using System.Buffers.Binary;

namespace Mlops.Data;

/// <summary>Walks the texts of one value of a <see cref="FieldType.TextList"/>: <c>while (texts.MoveNext()) Use(texts.Current);</c></summary>
public ref struct TextElements
{
    private ReadOnlySpan<byte> _rest;

    internal TextElements(ReadOnlySpan<byte> value) => _rest = value;

    /// <summary>Gets the UTF-8 bytes of the text at which it stands.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Goes to the next text.</summary>
    /// <returns><see langword="false"/> behind the last.</returns>
    public bool MoveNext()
    {
        if (_rest.Length < sizeof(int))
            return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        Current = _rest.Slice(sizeof(int), length);
        _rest = _rest[(sizeof(int) + length)..];
        return true;
    }

    /// <summary>Counts the texts that are left.</summary>
    /// <returns>How many.</returns>
    public readonly int Count()
    {
        int count = 0;
        for (TextElements rest = this; rest.MoveNext();)
            count++;
        return count;
    }
}

using System.Text;

namespace Mlops.Python.Output;

/// <summary>Cuts UTF-8 bytes into lines of bounded length. Not thread-safe.</summary>
internal sealed class LineSplitter(int maxLength)
{
    private byte[] _rest = new byte[Math.Min(256, maxLength)];
    private int _length;

    public bool IsEmpty => _length == 0;

    /// <summary>Adds bytes and gives every line that is complete, or as long as a line may be, to the sink.</summary>
    public void Add(ReadOnlySpan<byte> bytes, Action<string> sink)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            Append(end < 0 ? bytes : bytes[..end], sink);
            if (end < 0)
                return;
            Emit(_length, sink);
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Gives what is left of a line without an end to the sink.</summary>
    public void Flush(Action<string> sink)
    {
        if (_length > 0)
            Emit(_length, sink);
    }

    private void Append(ReadOnlySpan<byte> bytes, Action<string> sink)
    {
        while (!bytes.IsEmpty)
        {
            if (_length == maxLength)
                Emit(WholeCharacters(), sink);
            var taken = Math.Min(bytes.Length, maxLength - _length);
            if (_length + taken > _rest.Length)
                Array.Resize(ref _rest, Math.Min(maxLength, Math.Max(_length + taken, _rest.Length * 2)));
            bytes[..taken].CopyTo(_rest.AsSpan(_length));
            _length += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>Returns the length without a last character that is cut apart.</summary>
    private int WholeCharacters()
    {
        var start = _length - 1;
        while (start > 0 && start > _length - 4 && (_rest[start] & 0xC0) == 0x80)
            start--;
        var isCut = _rest[start] >= 0xC0 && start > 0
            && _length - start < (_rest[start] >= 0xF0 ? 4 : _rest[start] >= 0xE0 ? 3 : 2);
        return isCut ? start : _length;
    }

    private void Emit(int length, Action<string> sink)
    {
        var line = _rest.AsSpan(0, length).TrimEnd((byte)'\r');

        // Progress bars write over their line again and again: what was overwritten is not shown.
        var overwritten = line.LastIndexOf((byte)'\r');
        sink(Encoding.UTF8.GetString(line[(overwritten + 1)..]));
        _rest.AsSpan(length, _length - length).CopyTo(_rest);
        _length -= length;
    }
}

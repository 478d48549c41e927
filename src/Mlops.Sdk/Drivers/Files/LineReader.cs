using System.Text;

namespace Mlops.Drivers.Files;

/// <summary>Reads the lines of an open file from an offset. A line ends with LF or CRLF; within quotes of CSV it goes on over line ends. Memory is bounded by the longest line.</summary>
internal sealed class LineReader(FileStream file, long offset, int maxLine, bool quotes)
{
    private byte[] _buffer = new byte[Math.Min(maxLine, 64 << 10)];
    private int _start;
    private int _end;
    private long _offset = offset;

    /// <summary>Gets where the next line begins.</summary>
    public long Offset => _offset;

    /// <summary>Reads the next line.</summary>
    /// <param name="takeRest">Whether what stands behind the last line end counts as a line.</param>
    /// <param name="line">The line without its end, valid until the next call.</param>
    /// <param name="start">Where it begins in the file.</param>
    /// <param name="tooLong">Whether it was longer than allowed; then it was skipped to its end and is given empty.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(bool takeRest, out ReadOnlyMemory<byte> line, out long start, out bool tooLong)
    {
        (line, start, tooLong) = (default, _offset, false);
        bool quoted = false;
        int scanned = 0;
        while (true)
        {
            for (; _start + scanned < _end; scanned++)
            {
                byte c = _buffer[_start + scanned];
                if (quotes && c == '"')
                    quoted = !quoted && (scanned == 0 || IsBeforeQuote(_buffer[_start + scanned - 1]));
                if (c != '\n' || quoted)
                    continue;
                line = tooLong ? default : Trim(_buffer.AsMemory(_start, scanned));
                Advance(scanned + 1);
                return true;
            }

            if (scanned >= maxLine)
            {
                // What is known to be too long is not kept; a quote that was never closed must not swallow the file.
                tooLong = true;
                quoted = false;
                Advance(scanned);
                scanned = 0;
            }

            if (!Fill())
            {
                if (!takeRest || (scanned == 0 && !tooLong))
                {
                    // The beginning of a line waits for its end.
                    _offset = start;
                    (_start, _end) = (0, 0);
                    return false;
                }

                line = tooLong ? default : Trim(_buffer.AsMemory(_start, scanned));
                Advance(scanned);
                return true;
            }
        }
    }

    public static string Text(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line.StartsWith(Encoding.UTF8.Preamble) ? line[3..] : line);

    // A quote opens a value only where a value begins, or doubled; within other text it is a quote, as in 12" pipe.
    private static bool IsBeforeQuote(byte c) => c is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|' or (byte)'"';

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line) => line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;

    private void Advance(int bytes)
    {
        _start += bytes;
        _offset += bytes;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        int read = RandomAccess.Read(file.SafeFileHandle, _buffer.AsSpan(_end), _offset + (_end - _start));
        _end += read;
        return read > 0;
    }
}

using System.Text;

namespace Mlops.Runtime.Workers;

/// <summary>Hands the lines that a worker prints to its receiver, one after the other, and remembers the last ones for messages about its end.</summary>
internal sealed class WorkerOutput
{
    private const int KeptLines = 40;
    private const int MaxLineBytes = 8192;
    private readonly Lock _gate = new();
    private readonly Queue<string> _last = new();
    private readonly OutputPace _pace = new();
    private Action<string, bool>? _receiver;

    /// <summary>Gets the last lines, oldest first.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _last);
        }
    }

    /// <summary>Sends lines to a receiver from now on; before, they are only remembered.</summary>
    public void GoTo(Action<string, bool> receiver)
    {
        lock (_gate)
            _receiver = receiver;
    }

    /// <summary>Takes a line; returns when the next one may come.</summary>
    public ValueTask AddAsync(string line, bool isError, CancellationToken cancellationToken = default)
    {
        Add(line, isError);
        return _pace.TakeAsync(line.Length, cancellationToken);
    }

    /// <summary>Reads a pipe to its end. What native code writes comes this way; what Python prints comes as frames.</summary>
    public async Task ReadAsync(Stream pipe, bool isError)
    {
        var buffer = new byte[MaxLineBytes];
        int length = 0;
        while (true)
        {
            int read = await pipe.ReadAsync(buffer.AsMemory(length)).ConfigureAwait(false);
            length += read;
            await _pace.TakeAsync(read, CancellationToken.None).ConfigureAwait(false);
            int start = 0;
            while (buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is var end and >= 0)
            {
                AddUtf8(buffer.AsSpan(start, end), isError);
                start += end + 1;
            }

            bool isFull = start == 0 && length == buffer.Length;
            if (length > start && (read == 0 || isFull))
            {
                AddUtf8(buffer.AsSpan(start, length - start), isError);
                start = length;
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (read == 0)
                return;
        }
    }

    private void Add(string line, bool isError)
    {
        lock (_gate)
        {
            _last.Enqueue(line);
            if (_last.Count > KeptLines)
                _last.Dequeue();
            _receiver?.Invoke(line, isError);
        }
    }

    private void AddUtf8(ReadOnlySpan<byte> line, bool isError) => Add(Encoding.UTF8.GetString(line.TrimEnd((byte)'\r')), isError);
}

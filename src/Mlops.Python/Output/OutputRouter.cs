using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Mlops.Python.Output;

/// <summary>
/// Takes what Python code prints, on whatever thread prints it, and hands whole lines to the host on a thread of its own: the printing
/// code holds the GIL and must not wait for a slow reader. The queue between them is bounded; when it is full the oldest lines go.
/// </summary>
internal sealed class OutputRouter
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Thread, bool IsError), LineSplitter> _partial = [];
    private readonly Channel<PythonOutputLine> _lines;
    private readonly Action<PythonOutputLine> _receiver;
    private readonly ILogger _logger;
    private readonly int _maxLineLength;
    private long _dropped;
    private volatile bool _hasPartial;

    public OutputRouter(Action<PythonOutputLine>? receiver, ILogger logger, int queueLength, int maxLineLength)
    {
        _receiver = receiver ?? (line => Log.Printed(logger, line.IsError ? LogLevel.Warning : LogLevel.Information, line.Tag, line.Text));
        _logger = logger;
        _maxLineLength = maxLineLength;
        _lines = Channel.CreateBounded<PythonOutputLine>(
            new BoundedChannelOptions(queueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _ = DeliverAsync();
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Write(string tag, bool isError, ReadOnlySpan<byte> bytes)
    {
        var key = (Environment.CurrentManagedThreadId, isError);
        lock (_gate)
        {
            if (!_partial.TryGetValue(key, out var splitter))
                _partial[key] = splitter = new LineSplitter(_maxLineLength);
            splitter.Add(bytes, text => Enqueue(tag, text, isError));
            _hasPartial |= !splitter.IsEmpty;
        }
    }

    /// <summary>Called at the end of each call: lines without an end are shown, and threads that are gone leave nothing behind.</summary>
    public void FlushPartialLines(string tag)
    {
        if (_hasPartial)
            FlushAll(tag);
    }

    private void FlushAll(string tag)
    {
        lock (_gate)
        {
            foreach (var (key, splitter) in _partial)
                splitter.Flush(text => Enqueue(tag, text, key.IsError));
            _partial.Clear();
            _hasPartial = false;
        }
    }

    private void Enqueue(string tag, string text, bool isError) => _lines.Writer.TryWrite(new PythonOutputLine(tag, text, isError));

    private async Task DeliverAsync()
    {
        long reported = 0;
        await foreach (var line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                if (Dropped is var dropped && dropped != reported)
                {
                    Log.LinesDropped(_logger, dropped - reported);
                    reported = dropped;
                }

                _receiver(line);
            }
            catch (Exception exception)
            {
                Log.ReceiverFailed(_logger, exception, line.Tag);
            }
        }
    }
}

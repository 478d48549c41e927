using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>
/// Frames that wait for being stored, in the order in which they were asked for. Those that are newer than a mark have their buffers anyway;
/// of older ones only so many wait: rather one is not stored than the next frames find no buffer. Thread-safe.
/// </summary>
internal sealed class WantedFrames(int mostOld, FrameCounters counters) : IDisposable
{
    private readonly LinkedList<CameraFrame> _frames = new();
    private readonly SemaphoreSlim _count = new(0);
    private readonly Lock _gate = new();

    public void Add(CameraFrame frame)
    {
        lock (_gate)
            _frames.AddLast(frame.Share());
        _count.Release();
    }

    /// <summary>Gives up the oldest ones, as many as are too many.</summary>
    /// <param name="mark">Frames before this time keep their buffers only for being stored.</param>
    public void Shorten(long mark)
    {
        lock (_gate)
        {
            while (FindOldest(mark, out int old) is { } oldest && old > mostOld)
            {
                _frames.Remove(oldest);
                oldest.Value.Dispose();
                counters.CountSkipped();
            }
        }
    }

    /// <summary>Waits for the next one, which the caller disposes.</summary>
    public async ValueTask<CameraFrame> TakeAsync(CancellationToken stop)
    {
        while (true)
        {
            await _count.WaitAsync(stop).ConfigureAwait(false);
            lock (_gate)
            {
                // One that was given up has left its count behind.
                if (_frames.First is { } first)
                {
                    _frames.RemoveFirst();
                    return first.Value;
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (CameraFrame frame in _frames)
            {
                frame.Dispose();
                counters.CountSkipped();
            }

            _frames.Clear();
        }

        _count.Dispose();
    }

    private LinkedListNode<CameraFrame>? FindOldest(long mark, out int old)
    {
        old = 0;
        LinkedListNode<CameraFrame>? oldest = null;
        for (LinkedListNode<CameraFrame>? node = _frames.First; node is not null; node = node.Next)
        {
            if (node.Value.HostTime >= mark)
                continue;
            old++;
            if (oldest is null || node.Value.HostTime < oldest.Value.HostTime)
                oldest = node;
        }

        return oldest;
    }
}

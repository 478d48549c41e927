using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Encoding;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Keeps the newest frame and shows it small when somebody looks. Thread-safe.</summary>
internal sealed class FramePreview(int longestSide, TimeSpan interval, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Lock _encoding = new();
    private readonly FrameEncoder _encoder = new();
    private CameraFrame? _newest;
    private PreviewFrame? _shown;
    private long _shownAt;

    /// <summary>Takes a frame; the one before goes back.</summary>
    public void Offer(CameraFrame frame) => Replace(frame.Share());

    /// <summary>Gives the frame back; the last preview can still be seen.</summary>
    public void Release() => Replace(null);

    /// <exception cref="IOException">The frame cannot be shown; the message says why.</exception>
    public PreviewFrame? Show()
    {
        lock (_encoding)
        {
            if (_shown is not null && time.GetElapsedTime(_shownAt) < interval)
                return _shown;
            CameraFrame? frame;
            lock (_gate)
                frame = _newest?.Share();
            if (frame is null)
                return _shown;
            using (frame)
            {
                try
                {
                    var (content, mediaType) = _encoder.Shrink(frame, longestSide);
                    _shown = new PreviewFrame(mediaType, content.ToArray(), EpochTime.ToDateTimeOffset(frame.HostTime));
                    _shownAt = time.GetTimestamp();
                    return _shown;
                }
                catch (NotSupportedException error)
                {
                    throw new IOException(error.Message, error);
                }
            }
        }
    }

    public void Dispose()
    {
        Release();
        lock (_encoding)
            _encoder.Dispose();
    }

    private void Replace(CameraFrame? frame)
    {
        CameraFrame? before;
        lock (_gate)
            (before, _newest) = (_newest, frame);
        before?.Dispose();
    }
}

using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Pictures;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>A frame in its buffer, as a picture. Grey ones of 8 bits are copied as they came.</summary>
internal sealed class FramePicture : IPicture
{
    private readonly bool _isColour;
    private CameraFrame? _frame;

    private FramePicture(CameraFrame frame, bool isColour) => (_frame, _isColour, Width, Height) = (frame, isColour, frame.Width, frame.Height);

    public int Width { get; }

    public int Height { get; }

    public int Channels => _isColour ? 3 : 1;

    /// <summary>Takes a share of the frame; <see langword="null"/> when its pixel format is not known.</summary>
    public static FramePicture? TryOpen(CameraFrame frame) => PixelLayout.TryFind(frame.Format, out PixelLayout layout) ? new FramePicture(frame.Share(), layout.IsColour) : null;

    public void CopyTo(Span<byte> samples)
    {
        CameraFrame frame = _frame ?? throw new ObjectDisposedException(nameof(FramePicture));
        PixelPictures.CopyTo(frame.Format, Width, Height, frame.Pixels, samples);
    }

    public void Dispose() => Interlocked.Exchange(ref _frame, null)?.Dispose();
}

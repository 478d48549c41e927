using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Pictures;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>A frame in its buffer, as a picture. Where the camera sends what pictures have, that is seen where it lies.</summary>
internal sealed class FramePicture : IPicture
{
    private readonly PixelLayout _layout;
    private CameraFrame? _frame;

    private FramePicture(CameraFrame frame, PixelLayout layout) => (_frame, _layout, Width, Height) = (frame, layout, frame.Width, frame.Height);

    public int Width { get; }

    public int Height { get; }

    public int Channels => _layout.IsColour ? 3 : 1;

    // The buffers of a stream are native memory.
    public unsafe nint Samples => _layout.IsPlain && Frame.Pixels.Length >= Width * Height * Channels ? (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Frame.Pixels)) : 0;

    private CameraFrame Frame => _frame ?? throw new ObjectDisposedException(nameof(FramePicture));

    /// <summary>Takes a share of the frame; <see langword="null"/> when its pixel format is not known.</summary>
    public static FramePicture? TryOpen(CameraFrame frame) => PixelLayout.TryFind(frame.Format, out PixelLayout layout) ? new FramePicture(frame.Share(), layout) : null;

    public void CopyTo(Span<byte> samples) => PixelPictures.CopyTo(Frame.Format, Width, Height, Frame.Pixels, samples);

    public void Dispose() => Interlocked.Exchange(ref _frame, null)?.Dispose();
}

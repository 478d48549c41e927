using Mlops.Drivers.GenICam.Pixels;
using Mlops.Pictures;

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>A frame that was stored as the camera sent it.</summary>
internal sealed class RawPicture(PixelFormat format, int width, int height, int channels, ReadOnlyMemory<byte> content) : IPicture
{
    public int Width => width;

    public int Height => height;

    public int Channels => channels;

    public void CopyTo(Span<byte> samples) => PixelPictures.CopyTo(format, width, height, content.Span, samples);

    public void Dispose()
    {
        // The bytes are the caller's.
    }
}

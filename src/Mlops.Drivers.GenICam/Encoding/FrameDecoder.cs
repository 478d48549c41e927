using Mlops.Drivers.GenICam.Pixels;
using Mlops.Pictures;

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>Reads what the driver stores beside PNG: frames as the camera sent them, and JPEG.</summary>
internal sealed class FrameDecoder : IPictureDecoder
{
    public IPicture? Open(string mediaType, ReadOnlyMemory<byte> content)
    {
        if (RawFrames.TryParse(mediaType, out PixelFormat format, out int width, out int height) && PixelLayout.TryFind(format, out PixelLayout layout))
            return new RawPicture(format, width, height, layout.IsColour ? 3 : 1, content);
        if (mediaType != JpegWriter.MediaType)
            return null;
        return JpegWriter.IsAvailable ? new JpegPicture(content) : throw new IOException("JPEG needs the library TurboJPEG, which is not installed. On Debian and Ubuntu: apt-get install libturbojpeg0.");
    }
}

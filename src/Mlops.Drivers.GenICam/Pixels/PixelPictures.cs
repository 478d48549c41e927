namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>Copies what cameras send as samples of 8 bits.</summary>
internal static class PixelPictures
{
    /// <exception cref="IOException">There are fewer pixels than the size says.</exception>
    public static void CopyTo(PixelFormat format, int width, int height, ReadOnlySpan<byte> pixels, Span<byte> samples)
    {
        if (format == PixelFormat.Mono8 && pixels.Length >= width * height)
        {
            pixels[..(width * height)].CopyTo(samples);
            return;
        }

        try
        {
            using Picture picture = PictureReader.Read(format, width, height, pixels, isEightBit: true);
            picture.Bytes.CopyTo(samples);
        }
        catch (NotSupportedException error)
        {
            throw new IOException(error.Message, error);
        }
    }
}

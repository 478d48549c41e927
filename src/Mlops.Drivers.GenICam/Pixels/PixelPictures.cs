namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>Copies what cameras send as samples of 8 bits.</summary>
internal static class PixelPictures
{
    /// <exception cref="IOException">There are fewer pixels than the size says.</exception>
    public static void CopyTo(PixelFormat format, int width, int height, ReadOnlySpan<byte> pixels, Span<byte> samples)
    {
        try
        {
            PictureReader.Write(format, width, height, pixels, samples);
        }
        catch (NotSupportedException error)
        {
            throw new IOException(error.Message, error);
        }
    }
}

namespace Mlops.Pictures;

/// <summary>Reads PNG files (ISO/IEC 15948): grey, colour and palette, 8 or 16 bits, of which the upper 8 count.</summary>
internal sealed class PngDecoder : IPictureDecoder
{
    public IPicture? Open(string mediaType, ReadOnlyMemory<byte> content) => mediaType == "image/png" ? new PngPicture(content) : null;
}

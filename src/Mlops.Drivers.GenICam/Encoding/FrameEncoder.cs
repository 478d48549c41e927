using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>Turns frames into what is stored or shown. One thread at a time.</summary>
internal sealed class FrameEncoder : IDisposable
{
    private readonly MemoryStream _buffer = new();
    private JpegWriter? _jpeg;

    /// <summary>Encodes a frame.</summary>
    /// <returns>The bytes, valid until the next call, and what they are.</returns>
    /// <exception cref="NotSupportedException">Its pixel format is not known, or it is not whole.</exception>
    public (ReadOnlyMemory<byte> Content, string MediaType) Encode(CameraFrame frame, FrameEncoding encoding, int quality)
    {
        _buffer.SetLength(0);
        if (encoding == FrameEncoding.Raw)
        {
            _buffer.Write(frame.Pixels);
            return (Written, RawFrames.MediaType(frame.Format, frame.Width, frame.Height));
        }

        using Picture picture = PictureReader.Read(frame.Format, frame.Width, frame.Height, frame.Pixels, isEightBit: encoding == FrameEncoding.Jpeg);
        return Encode(picture, encoding, quality);
    }

    /// <summary>Makes a small picture of a frame, as JPEG where that can be had.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="longestSide">Its longer side has at most as many pixels.</param>
    /// <exception cref="NotSupportedException">Its pixel format is not known, or it is not whole.</exception>
    public (ReadOnlyMemory<byte> Content, string MediaType) Shrink(CameraFrame frame, int longestSide)
    {
        _buffer.SetLength(0);
        int step = Math.Max(1, (Math.Max(frame.Width, frame.Height) + longestSide - 1) / longestSide);
        using Picture picture = PictureReader.Read(frame.Format, frame.Width, frame.Height, frame.Pixels, isEightBit: true, step);
        return Encode(picture, JpegWriter.IsAvailable ? FrameEncoding.Jpeg : FrameEncoding.Png, quality: 80);
    }

    public void Dispose() => _jpeg?.Dispose();

    private ReadOnlyMemory<byte> Written => _buffer.GetBuffer().AsMemory(0, (int)_buffer.Length);

    private (ReadOnlyMemory<byte> Content, string MediaType) Encode(Picture picture, FrameEncoding encoding, int quality)
    {
        if (encoding == FrameEncoding.Png)
        {
            PngWriter.Write(picture, _buffer);
            return (Written, PngWriter.MediaType);
        }

        (_jpeg ??= new JpegWriter()).Write(picture, quality, _buffer);
        return (Written, JpegWriter.MediaType);
    }
}

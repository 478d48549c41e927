using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Encoding.Native;
using Mlops.Pictures;

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>A JPEG file; its pixels are unpacked when they are asked for. One thread at a time.</summary>
internal sealed unsafe class JpegPicture : IPicture
{
    private readonly JpegHandle _reader = JpegHandle.CreateReader();
    private readonly ReadOnlyMemory<byte> _file;

    /// <exception cref="IOException">It is no JPEG.</exception>
    public JpegPicture(ReadOnlyMemory<byte> file)
    {
        _file = file;
        fixed (byte* bytes = file.Span)
        {
            if (TurboJpeg.tjDecompressHeader3(_reader, bytes, new CULong((nuint)file.Length), out int width, out int height, out _, out int colours) != 0)
                throw Damaged();
            (Width, Height, Channels) = (width, height, colours == TurboJpeg.GreyColours ? 1 : 3);
        }
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    public void CopyTo(Span<byte> samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Length, Width * Height * Channels, nameof(samples));
        fixed (byte* source = _file.Span, target = samples)
        {
            if (TurboJpeg.tjDecompress2(_reader, source, new CULong((nuint)_file.Length), target, Width, 0, Height, Channels == 1 ? TurboJpeg.Grey : TurboJpeg.Rgb, 0) != 0)
                throw Damaged();
        }
    }

    public void Dispose() => _reader.Dispose();

    private IOException Damaged() => new($"The picture is no whole JPEG file: {Marshal.PtrToStringUTF8(TurboJpeg.tjGetErrorStr2(_reader))}. Restore it from a backup, or leave its record out.");
}

using System.Buffers;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Encoding.Native;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>Writes pictures of 8 bits as JPEG. One thread at a time.</summary>
internal sealed unsafe class JpegWriter : IDisposable
{
    public const string MediaType = "image/jpeg";

    private readonly JpegHandle _compressor = JpegHandle.Create();

    /// <summary>Gets a value indicating whether the library is there.</summary>
    public static bool IsAvailable { get; } = NativeLibraries.IsInstalled(NativeLibraries.TurboJpeg);

    /// <param name="picture">The picture, of 8 bits.</param>
    /// <param name="quality">1 to 100.</param>
    /// <param name="to">Takes the bytes.</param>
    /// <exception cref="InvalidOperationException">The library refuses the picture.</exception>
    public void Write(Picture picture, int quality, Stream to)
    {
        bool isGrey = picture.Channels == 1;
        int subsampling = isGrey ? TurboJpeg.NoColour : TurboJpeg.HalfColour;
        CULong size = TurboJpeg.tjBufSize(picture.Width, picture.Height, subsampling);
        byte[] rented = ArrayPool<byte>.Shared.Rent(checked((int)size.Value));
        try
        {
            fixed (byte* source = picture.Bytes, start = rented)
            {
                byte* target = start;
                int failed = TurboJpeg.tjCompress2(
                    _compressor, source, picture.Width, picture.Stride, picture.Height, isGrey ? TurboJpeg.Grey : TurboJpeg.Rgb, ref target, ref size, subsampling, quality, TurboJpeg.NoReallocation);
                if (failed != 0)
                    throw new InvalidOperationException($"A picture of {picture.Width} x {picture.Height} cannot be written as JPEG: {Marshal.PtrToStringUTF8(TurboJpeg.tjGetErrorStr2(_compressor))}");
            }

            to.Write(rented, 0, (int)size.Value);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void Dispose() => _compressor.Dispose();
}

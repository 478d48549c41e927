using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Encoding.Native;

/// <summary>What is used of TurboJPEG 2 (turbojpeg.h).</summary>
internal static unsafe partial class TurboJpeg
{
    public const int Rgb = 0;
    public const int Grey = 6;
    public const int HalfColour = 2;
    public const int NoColour = 3;
    public const int NoReallocation = 1024;
    public const int GreyColours = 2;

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial nint tjInitCompress();

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial CULong tjBufSize(int width, int height, int subsampling);

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial int tjCompress2(
        JpegHandle handle, byte* source, int width, int pitch, int height, int pixelFormat, ref byte* target, ref CULong size, int subsampling, int quality, int flags);

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial nint tjInitDecompress();

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial int tjDecompressHeader3(JpegHandle handle, byte* source, CULong size, out int width, out int height, out int subsampling, out int colours);

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial int tjDecompress2(JpegHandle handle, byte* source, CULong size, byte* target, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial nint tjGetErrorStr2(JpegHandle handle);

    [LibraryImport(NativeLibraries.TurboJpeg)]
    internal static partial int tjDestroy(nint handle);
}

using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Encoding.Native;

/// <summary>A compressor or reader of TurboJPEG.</summary>
internal sealed class JpegHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    public static JpegHandle Create()
    {
        var created = new JpegHandle();
        created.SetHandle(TurboJpeg.tjInitCompress());
        return created;
    }

    public static JpegHandle CreateReader()
    {
        var created = new JpegHandle();
        created.SetHandle(TurboJpeg.tjInitDecompress());
        return created;
    }

    protected override bool ReleaseHandle() => TurboJpeg.tjDestroy(handle) == 0;
}

using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A frame of no camera.</summary>
internal sealed unsafe class PlainFrame : CameraFrame
{
    private readonly byte[] _pixels;

    /// <summary>Makes one in Mono8, all of one grey.</summary>
    public PlainFrame(long time, int width = 1, int height = 1, byte grey = 0)
        : this(PixelFormat.Mono8, width, height, [.. Enumerable.Repeat(grey, width * height)]) => HostTime = time;

    public PlainFrame(PixelFormat format, int width, int height, byte[] pixels)
    {
        _pixels = GC.AllocateArray<byte>(pixels.Length, pinned: true);
        pixels.CopyTo(_pixels, 0);
        Data = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_pixels, 0);
        (Length, Width, Height, Format, IsComplete) = (_pixels.Length, width, height, format, true);
        Begin();
    }

    public bool IsBack { get; private set; }

    public override double? Chunk(string name) => null;

    protected override void GiveBack() => IsBack = true;
}

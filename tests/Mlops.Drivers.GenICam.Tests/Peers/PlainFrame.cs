using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A frame of no camera, Mono8, all of one grey.</summary>
internal sealed unsafe class PlainFrame : CameraFrame
{
    private readonly byte[] _pixels;

    public PlainFrame(long time, int width = 1, int height = 1, byte grey = 0)
    {
        _pixels = GC.AllocateArray<byte>(width * height, pinned: true);
        _pixels.AsSpan().Fill(grey);
        Data = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_pixels, 0);
        (Length, Width, Height, Format, HostTime, IsComplete) = (_pixels.Length, width, height, PixelFormat.Mono8, time, true);
        Begin();
    }

    public bool IsBack { get; private set; }

    public override double? Chunk(string name) => null;

    protected override void GiveBack() => IsBack = true;
}

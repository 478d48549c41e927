using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

/// <summary>What workflows see of a frame: its buffer, where the camera sends what arrays have, else what is made of it.</summary>
public sealed class FramePictureTests
{
    private const int Width = 10;
    private const int Height = 6;

    public static TheoryData<PixelFormat> Formats => [.. Enum.GetValues<PixelFormat>().Where(f => f != PixelFormat.Unknown)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Open_EachFormat_IsItsBufferOrIsConvertedIntoWhatIsGiven(PixelFormat format)
    {
        var pixels = new byte[PixelLayout.Size(format, Width, Height)];
        new Random((int)format).NextBytes(pixels);
        var frame = new PlainFrame(format, Width, Height, pixels);
        using FramePicture picture = FramePicture.TryOpen(frame)!;

        var samples = new byte[Width * Height * picture.Channels];
        picture.CopyTo(samples);

        using Picture expected = PictureReader.Read(format, Width, Height, pixels, isEightBit: true);
        samples.ShouldBe(expected.Bytes.ToArray());
        if (format is PixelFormat.Mono8 or PixelFormat.RGB8)
        {
            picture.Samples.ShouldBe(AddressOf(frame));
            samples.ShouldBe(pixels);
        }
        else
        {
            picture.Samples.ShouldBe(0);
        }

        frame.Dispose();
    }

    [Fact]
    public void Dispose_Picture_GivesTheFrameBackAndNotBefore()
    {
        var frame = new PlainFrame(PixelFormat.Mono8, Width, Height, new byte[Width * Height]);
        FramePicture picture = FramePicture.TryOpen(frame)!;
        frame.Dispose();
        frame.IsBack.ShouldBeFalse();

        picture.Dispose();

        frame.IsBack.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => picture.Samples);
    }

    [Fact]
    public void Open_FrameOfTooFewPixels_IsNotSeenBeyondItsEnd()
    {
        var frame = new PlainFrame(PixelFormat.Mono8, Width, Height, new byte[(Width * Height) - 1]);
        using FramePicture picture = FramePicture.TryOpen(frame)!;

        picture.Samples.ShouldBe(0);
        Should.Throw<IOException>(() => picture.CopyTo(new byte[Width * Height])).Message.ShouldContain("10 x 6");
        frame.Dispose();
    }

    private static unsafe nint AddressOf(CameraFrame frame) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(frame.Pixels));
}

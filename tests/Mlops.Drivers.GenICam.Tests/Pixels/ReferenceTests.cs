using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Pixels;

/// <summary>Every format against NumPy, on random pixels.</summary>
public sealed class ReferenceTests
{
    private const int Width = 34;
    private const int Height = 21;

    public static TheoryData<PixelFormat> Formats => [.. Enum.GetValues<PixelFormat>().Where(f => f != PixelFormat.Unknown)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_RandomPixels_IsWhatNumPyMakesOfThem(PixelFormat format)
    {
        var pixels = new byte[PixelLayout.Size(format, Width, Height)];
        new Random((int)format).NextBytes(pixels);
        PixelLayout.TryFind(format, out PixelLayout layout).ShouldBeTrue();
        if (layout is { Packing: SamplePacking.Words, Bits: < 16 })
        {
            // The bits above are 0 in what cameras send.
            foreach (ref ushort sample in MemoryMarshal.Cast<byte, ushort>(pixels.AsSpan()))
                sample = (ushort)(sample >> (16 - layout.Bits));
        }

        ushort[] expected = MemoryMarshal.Cast<byte, ushort>(PythonPictures.Convert(format.ToString(), Width, Height, pixels)).ToArray();
        using Picture picture = PictureReader.Read(format, Width, Height, pixels);

        ushort[] actual = picture.Depth == 8
            ? [.. picture.Bytes.ToArray().Select(b => (ushort)b)]
            : [.. MemoryMarshal.Cast<byte, ushort>(picture.Bytes).ToArray().Select(s => (ushort)(s >> (16 - layout.Bits)))];
        actual.Length.ShouldBe(expected.Length);
        int most = format is PixelFormat.YUV422_8 or PixelFormat.YUV422_8_UYVY ? 1 : 0;
        for (int i = 0; i < actual.Length; i++)
            Math.Abs(actual[i] - expected[i]).ShouldBeLessThanOrEqualTo(most, $"sample {i}: {actual[i]} instead of {expected[i]}");
    }
}

namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>What the samples of a pixel are.</summary>
internal enum SampleMeaning
{
    Grey,
    Bayer,
    Rgb,
    Bgr,
    Rgba,
    Bgra,
    Yuyv,
    Uyvy,
}

namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>How samples lie in bytes.</summary>
internal enum SamplePacking
{
    /// <summary>A byte each.</summary>
    Bytes,

    /// <summary>Two bytes each, the low one first.</summary>
    Words,

    /// <summary>Two in three bytes: high bits, low bits of both, high bits (GigE Vision 1.2, section 26).</summary>
    GigEVision,

    /// <summary>One after the other, least significant bit first (PFNC, "p").</summary>
    LeastSignificantFirst,
}

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>How a frame is stored.</summary>
public enum FrameEncoding
{
    /// <summary>PNG: nothing is lost; 10 to 16 bits stay 16.</summary>
    Png,

    /// <summary>JPEG: small and quick, 8 bits, something is lost. Needs libturbojpeg.</summary>
    Jpeg,

    /// <summary>The bytes as the camera sent them; the media type tells format and size.</summary>
    Raw,
}

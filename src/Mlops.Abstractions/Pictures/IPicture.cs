namespace Mlops.Pictures;

/// <summary>A picture as workflows see it: grey, or red, green, blue; 8 bits each. Dispose it soon: it may hold the memory of a camera.</summary>
public interface IPicture : IDisposable
{
    /// <summary>Gets the width in pixels.</summary>
    int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    int Height { get; }

    /// <summary>Gets the number of channels: 1 (grey) or 3 (red, green, blue).</summary>
    int Channels { get; }

    /// <summary>Gets where the samples lie, just as <see cref="CopyTo"/> writes them; they neither move nor change until the picture is disposed, and are only read.</summary>
    /// <value>An address; 0 for a picture that has to be unpacked or converted.</value>
    nint Samples => 0;

    /// <summary>Copies the samples row by row, the channels of a pixel side by side.</summary>
    /// <param name="samples">Takes width · height · channels bytes.</param>
    /// <exception cref="IOException">The picture is damaged.</exception>
    void CopyTo(Span<byte> samples);
}

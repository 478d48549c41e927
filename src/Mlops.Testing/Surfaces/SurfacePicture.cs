using System.Globalization;

namespace Mlops.Testing.Surfaces;

/// <summary>A picture of a metal surface, and the truth about it.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">Grey values, 8 bits each, row by row.</param>
/// <param name="Defect">What is wrong with it.</param>
/// <param name="Box">Where; empty when nothing is wrong.</param>
public sealed record SurfacePicture(int Width, int Height, ReadOnlyMemory<byte> Pixels, SurfaceDefect Defect, SurfaceBox Box)
{
    /// <summary>Gets the label that an inspector gives: <c>fine</c>, or for example <c>scratch 12,30,40,8</c> (x, y, width, height).</summary>
    public string Label => Defect == SurfaceDefect.None
        ? "fine"
        : string.Create(CultureInfo.InvariantCulture, $"{Name} {Box.X},{Box.Y},{Box.Width},{Box.Height}");

    /// <summary>Gets the class alone: <c>fine</c>, <c>scratch</c>, <c>pit</c> or <c>stain</c>.</summary>
    public string Name => Defect == SurfaceDefect.None ? "fine" : Defect.ToString().ToLowerInvariant();
}

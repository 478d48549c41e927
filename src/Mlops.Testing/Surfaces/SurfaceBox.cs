namespace Mlops.Testing.Surfaces;

/// <summary>Where a defect is, in pixels.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Number of columns.</param>
/// <param name="Height">Number of rows.</param>
public readonly record struct SurfaceBox(int X, int Y, int Width, int Height)
{
    /// <summary>Tells how well two boxes agree: the area that they share, divided by the area that they cover together.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>0 (apart) to 1 (equal).</returns>
    public double Agreement(SurfaceBox other)
    {
        double width = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        double height = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        double shared = Math.Max(0, width) * Math.Max(0, height);
        double all = ((double)Width * Height) + ((double)other.Width * other.Height) - shared;
        return all > 0 ? shared / all : 0;
    }
}

namespace Mlops.Testing.Surfaces;

/// <summary>
/// What a camera sees above a line of brushed metal plates: some have a scratch, a pit or a stain. The same seed gives the same
/// pictures. Not thread-safe.
/// </summary>
public sealed class SurfaceScene
{
    private const double BrushDepth = 5;
    private const double Noise = 2.5;
    private readonly SeededRandom _random;
    private readonly int _width;
    private readonly int _height;
    private readonly double[] _light;

    /// <summary>Creates a scene.</summary>
    /// <param name="seed">What all is drawn from.</param>
    /// <param name="width">Width of the pictures in pixels, at least 64.</param>
    /// <param name="height">Height of the pictures in pixels, at least 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pictures would be too small for their defects.</exception>
    public SurfaceScene(int seed, int width = 128, int height = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 64);
        (_random, _width, _height) = (new SeededRandom(seed), width, height);
        _light = new double[width * height];
    }

    /// <summary>Draws the next plate: each of four is fine, scratched, pitted or stained.</summary>
    /// <returns>The picture and the truth.</returns>
    public SurfacePicture Next() => Next((SurfaceDefect)_random.Below(4));

    /// <summary>Draws a plate with a defect.</summary>
    /// <param name="defect">Which.</param>
    /// <returns>The picture and the truth.</returns>
    public SurfacePicture Next(SurfaceDefect defect)
    {
        DrawMetal();
        SurfaceBox box = defect switch
        {
            SurfaceDefect.Scratch => DrawScratch(),
            SurfaceDefect.Pit => DrawPit(),
            SurfaceDefect.Stain => DrawStain(),
            _ => default,
        };
        var pixels = new byte[_light.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(_light[i] + _random.Normal(0, Noise), 0, 255);
        return new SurfacePicture(_width, _height, pixels, defect, box);
    }

    // Brushed metal: rows differ more than columns; the lamp stands somewhere else each time.
    private void DrawMetal()
    {
        double level = Between(120, 160), slopeX = Between(-25, 25), slopeY = Between(-25, 25);
        for (int y = 0; y < _height; y++)
        {
            double brush = _random.Normal(0, BrushDepth);
            for (int x = 0; x < _width; x++)
                _light[(y * _width) + x] = level + brush + (slopeX * ((double)x / _width - 0.5)) + (slopeY * ((double)y / _height - 0.5));
        }
    }

    private SurfaceBox DrawScratch()
    {
        double length = Between(0.25, 0.6) * Math.Min(_width, _height), angle = Between(0, Math.PI), half = Between(0.6, 1.3), depth = Between(45, 80);
        double across = Math.Abs(Math.Cos(angle)) * length / 2, along = Math.Abs(Math.Sin(angle)) * length / 2;
        double centreX = Between(across + 3, _width - across - 3), centreY = Between(along + 3, _height - along - 3);
        return Draw((x, y) =>
        {
            double forward = ((x - centreX) * Math.Cos(angle)) + ((y - centreY) * Math.Sin(angle));
            double aside = ((y - centreY) * Math.Cos(angle)) - ((x - centreX) * Math.Sin(angle));
            return Math.Abs(forward) > length / 2 ? 0 : depth * Math.Exp(-(aside * aside) / (2 * half * half));
        });
    }

    private SurfaceBox DrawPit()
    {
        double radius = Between(3, 6), depth = Between(50, 80);
        double centreX = Between(10, _width - 10), centreY = Between(10, _height - 10);
        return Draw((x, y) =>
        {
            double distance = Math.Sqrt(((x - centreX) * (x - centreX)) + ((y - centreY) * (y - centreY)));
            double rim = distance > radius && distance < radius + 1.5 && x - centreX + y - centreY > 0 ? depth / 2 : 0;
            return distance <= radius ? -depth : rim;
        });
    }

    private SurfaceBox DrawStain()
    {
        double radiusX = Between(0.1, 0.2) * _width, radiusY = Between(0.1, 0.2) * _height, depth = Between(22, 38);
        double centreX = Between(radiusX + 3, _width - radiusX - 3), centreY = Between(radiusY + 3, _height - radiusY - 3);
        return Draw((x, y) =>
        {
            double distance = Math.Sqrt(Square((x - centreX) / radiusX) + Square((y - centreY) / radiusY));
            return distance >= 1 ? 0 : -depth * Math.Min(1, (1 - distance) * 3);
        });
    }

    // The box holds what is clearly seen: changes that stand out of the noise.
    private SurfaceBox Draw(Func<double, double, double> change)
    {
        int left = _width, top = _height, right = -1, bottom = -1;
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                double by = change(x, y);
                _light[(y * _width) + x] += by;
                if (Math.Abs(by) < 4 * Noise)
                    continue;
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
            }
        }

        return new SurfaceBox(left, top, right - left + 1, bottom - top + 1);
    }

    private double Between(double least, double most) => least + (_random.Uniform() * (most - least));

    private static double Square(double value) => value * value;
}

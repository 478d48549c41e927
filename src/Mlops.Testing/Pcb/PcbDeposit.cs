namespace Mlops.Testing.Pcb;

/// <summary>Is the paste on one pad as the gauge sees it, before rounding.</summary>
/// <param name="Height">The mean height in µm.</param>
/// <param name="Area">The covered area in percent of the aperture.</param>
/// <param name="OffsetX">The offset along x in percent of the pad.</param>
/// <param name="OffsetY">The offset along y in percent of the pad.</param>
/// <param name="Shape">The unevenness of the surface in µm.</param>
internal readonly record struct PcbDeposit(double Height, double Area, double OffsetX, double OffsetY, double Shape)
{
    public static PcbDeposit Print(PcbCondition condition, PcbPrinter printer, SeededRandom random)
    {
        var good = new PcbDeposit(
            random.Normal(122.3, 6.5) - (2.5 * printer.Fouling) - (1.5 * printer.Dryness) - (0.8 * (printer.PasteTemperature - 24)),
            random.Normal(94, 5.6) - (2 * printer.Fouling),
            random.Normal(0.1, 1.05),
            random.Normal(-0.2, 1.5),
            Math.Abs(random.Normal(12, 3)));
        return condition switch
        {
            PcbCondition.Insufficient => good with { Height = random.Normal(88, 6), Area = random.Normal(68, 4), Shape = random.Normal(60, 5.5) },
            PcbCondition.Excess => good with { Height = random.Normal(154, 5), Area = random.Normal(106, 5), Shape = random.Normal(61, 5.5) },
            PcbCondition.Bridge => good with { Height = random.Normal(110, 6), Area = random.Normal(130, 5), Shape = random.Normal(65, 6) },
            PcbCondition.Offset => Displaced(good, random) with { Shape = random.Normal(59, 5.5) },
            PcbCondition.Reflection => good with { Height = random.Normal(154, 4), Area = random.Normal(86, 5), Shape = random.Normal(32, 3.5) },
            PcbCondition.Smear => good with { Height = random.Normal(108, 5), Area = random.Normal(126, 4), Shape = random.Normal(32, 3.5) },
            PcbCondition.Stretch => Stretched(good, random) with { Shape = random.Normal(32, 3.5) },
            _ => good,
        };
    }

    private static PcbDeposit Displaced(PcbDeposit good, SeededRandom random)
    {
        var distance = random.Normal(9.2, 1);
        if (random.Uniform() < 0.5)
            distance = -distance;
        return random.Uniform() < 0.5 ? good with { OffsetX = distance } : good with { OffsetY = distance };
    }

    // A stretched board shifts every print towards +x and, half the time, −y: the joint still wets the whole pad.
    private static PcbDeposit Stretched(PcbDeposit good, SeededRandom random) => good with
    {
        OffsetX = random.Normal(5.8, 0.6),
        OffsetY = random.Uniform() < 0.5 ? random.Normal(-5.8, 0.8) : good.OffsetY,
    };
}

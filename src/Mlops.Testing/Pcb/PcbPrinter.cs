namespace Mlops.Testing.Pcb;

/// <summary>
/// Models the printer: a stencil that fouls until it is cleaned, paste that dries until it is renewed, and the state of
/// the machine at each pad. Rates and sizes are chosen so that a stream shows the spread of public solder paste figures:
/// volume 92 ± 13 %, height 120 ± 12 µm, area 94 ± 11 %, offset x 0.3 ± 1.8 %, offset y −0.4 ± 2.1 %.
/// </summary>
internal sealed class PcbPrinter(SeededRandom random)
{
    public const int PadsPerPanel = 48;
    public const int PrintsPerCleaning = 10;
    private const int PadsPerPasteCharge = 960;
    private const double TemperaturePeriodInPads = 750;

    private static readonly (PcbCondition Condition, double Share)[] Faults =
    [
        (PcbCondition.Insufficient, 0.024), (PcbCondition.Excess, 0.020),
        (PcbCondition.Bridge, 0.026), (PcbCondition.Offset, 0.028),
        (PcbCondition.Reflection, 0.037), (PcbCondition.Smear, 0.036), (PcbCondition.Stretch, 0.036),
    ];

    private readonly double _phase = random.Uniform() * 2 * Math.PI;

    public int PrintsSinceCleaning { get; private set; }

    public double PasteTemperature { get; private set; }

    public double SqueegeePressure { get; private set; }

    public double SqueegeeSpeed { get; private set; }

    /// <summary>Gets how foul the stencil is, 0 (just cleaned) to 1.</summary>
    public double Fouling => (double)PrintsSinceCleaning / (PrintsPerCleaning - 1);

    /// <summary>Gets how dry the paste is, 0 (fresh) to 1.</summary>
    public double Dryness { get; private set; }

    public void MoveTo(long pad)
    {
        PrintsSinceCleaning = (int)(pad / PadsPerPanel % PrintsPerCleaning);
        Dryness = (double)(pad % PadsPerPasteCharge) / PadsPerPasteCharge;
        PasteTemperature = 24 + (1.5 * Math.Sin(_phase + (pad * 2 * Math.PI / TemperaturePeriodInPads))) + random.Normal(0, 0.15);
        SqueegeePressure = 62 - Fouling + random.Normal(0, 1.2);
        SqueegeeSpeed = 45 + random.Normal(0, 0.8);
    }

    /// <summary>Draws what happens at the pad: a foul stencil clogs (too little paste) and smears paste beneath itself (bridges).</summary>
    public PcbCondition Draw()
    {
        var left = random.Uniform();
        foreach (var (condition, share) in Faults)
        {
            var fouled = condition is PcbCondition.Insufficient or PcbCondition.Bridge;
            left -= fouled ? share * (0.5 + Fouling) : share;
            if (left < 0)
                return condition;
        }

        return PcbCondition.Normal;
    }
}

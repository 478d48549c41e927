namespace Mlops.Testing.Pcb;

/// <summary>
/// Generates an endless stream of solder paste inspections: 16 measurements a pad, the machine's verdict, and the label
/// that a fallible inspector will give. The same seed gives the same stream, bit by bit.
/// </summary>
/// <remarks>
/// A printer fouls and is cleaned, paste dries and is renewed, and about one pad in five is faulty (too little, too much,
/// bridged, displaced) or only looks so to the machine (a reflection, a smear, a stretched board). The label depends on the
/// published measurements and chance alone, so its probabilities are known exactly: <see cref="PcbPad.LabelProbabilities"/>;
/// <see cref="PcbExpectation"/> adds them up to the best accuracy that any classifier can reach. Not thread-safe.
/// </remarks>
public sealed class PcbProcess
{
    private const double StencilThickness = 124;

    // Aperture sizes in mm of the five package types on the board.
    private static readonly (double X, double Y)[] Apertures = [(0.6, 0.55), (0.9, 0.8), (0.3, 1.5), (0.45, 0.45), (1.2, 1.0)];

    private readonly SeededRandom _random;
    private readonly PcbPrinter _printer;
    private readonly PcbMishap _mishap;
    private long _pads;

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">Any number.</param>
    public PcbProcess(long seed)
    {
        _random = new SeededRandom(seed);
        _printer = new PcbPrinter(_random);
        _mishap = new PcbMishap(_random);
    }

    /// <summary>Produces and inspects the next pad.</summary>
    /// <returns>The pad with everything that is known about it.</returns>
    public PcbPad Next()
    {
        _printer.MoveTo(_pads);
        var measurements = Measure(PcbDeposit.Print(_printer.Draw(), _printer, _random));
        ReadOnlySpan<double> m = measurements;
        var verdict = PcbInspection.Judge(m[0], m[1], m[2], m[3], m[4], m[9]);
        var bad = PcbInspection.BadGivenAlarm(m[0], m[9]);
        var probabilities = PcbInspection.LabelProbabilities(verdict, bad);
        var label = _mishap.Hits(1 - probabilities.BestProbability) ? SecondBest(probabilities) : probabilities.Best;
        var trulyBad = _random.Uniform() < PcbInspection.BadGivenLabel(verdict, bad, label);
        return new PcbPad
        {
            Sequence = ++_pads,
            Measurements = measurements,
            Verdict = verdict,
            TrueLabel = trulyBad ? PcbLabel.Error : verdict == PcbVerdict.Good ? PcbLabel.Ok : PcbLabel.PseudoError,
            Label = label,
            LabelProbabilities = probabilities,
        };
    }

    /// <summary>Produces the next pads one by one.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The pads, generated while they are enumerated.</returns>
    public IEnumerable<PcbPad> Take(int count)
    {
        for (var i = 0; i < count; i++)
            yield return Next();
    }

    // Each pad can get two of the three labels: unalarmed ok or error, alarmed error or pseudo-error.
    private static PcbLabel SecondBest(PcbProbabilities probabilities) =>
        probabilities.Best == PcbLabel.Error ? PcbLabel.PseudoError : PcbLabel.Error;

    private PcbMeasurements Measure(PcbDeposit deposit)
    {
        var slot = (int)(_pads % PcbPrinter.PadsPerPanel);
        var (sizeX, sizeY) = Apertures[slot % Apertures.Length];
        var aperture = sizeX * sizeY * 1e6;
        var volume = deposit.Area * deposit.Height / StencilThickness * _random.Normal(1, 0.015);
        var m = default(PcbMeasurements);
        m[0] = Math.Round(volume, 1);
        m[1] = Math.Round(deposit.Height, 1);
        m[2] = Math.Round(deposit.Area, 1);
        m[3] = Math.Round(deposit.OffsetX, 2);
        m[4] = Math.Round(deposit.OffsetY, 2);
        m[5] = sizeX;
        m[6] = sizeY;
        m[7] = Math.Round(volume / 100 * aperture * StencilThickness);
        m[8] = Math.Round(deposit.Area / 100 * aperture);
        m[9] = Math.Round(deposit.Shape, 1);
        m[10] = Math.Round((slot % 8 * 12) + 5 + (deposit.OffsetX / 100 * sizeX), 3);
        m[11] = Math.Round((slot / 8 * 9) + 5 + (deposit.OffsetY / 100 * sizeY), 3);
        m[12] = Math.Round(_printer.PasteTemperature, 1);
        m[13] = Math.Round(_printer.SqueegeePressure, 1);
        m[14] = Math.Round(_printer.SqueegeeSpeed, 1);
        m[15] = _printer.PrintsSinceCleaning;
        return m;
    }
}

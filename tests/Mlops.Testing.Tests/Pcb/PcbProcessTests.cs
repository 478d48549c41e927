using System.Security.Cryptography;
using System.Text;
using Mlops.Testing.Pcb;

namespace Mlops.Testing.Tests.Pcb;

public class PcbProcessTests
{
    // The first 1,000 pads of seed 7: a change of the generator changes what every recorded experiment saw.
    private const string FirstPadsOfSeed7 = "4e58f69648912f6e";

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Next_SameSeed_GivesTheSameStream(long seed)
    {
        var other = new PcbProcess(seed);
        foreach (var pad in new PcbProcess(seed).Take(2_000))
            other.Next().ShouldBe(pad);
    }

    [Fact]
    public void Next_RecordedSeed_GivesTheRecordedBytes() => Digest(7).ShouldBe(FirstPadsOfSeed7);

    [Fact]
    public void Next_DifferentSeeds_GiveDifferentStreams() =>
        Enumerable.Range(0, 50).Select(seed => Digest(seed)).Distinct().Count().ShouldBe(50);

    [Fact]
    public void Next_ManyPads_LookLikePublicSolderPasteFigures()
    {
        var pads = new PcbProcess(11).Take(6_960).ToArray();
        ShouldSpread(pads, "volume_percent", mean: 92, deviation: 13, slack: 1.5);
        ShouldSpread(pads, "height_um", mean: 120, deviation: 12, slack: 1.5);
        ShouldSpread(pads, "area_percent", mean: 94, deviation: 11, slack: 1.5);
        ShouldSpread(pads, "offset_x_percent", mean: 0.3, deviation: 1.8, slack: 0.35);
        ShouldSpread(pads, "offset_y_percent", mean: -0.4, deviation: 2.1, slack: 0.35);
    }

    [Fact]
    public void Next_ManyPads_VolumeFollowsAreaAndHeight()
    {
        foreach (var pad in new PcbProcess(3).Take(1_000))
        {
            Value(pad, "volume_percent").ShouldBe(Value(pad, "area_percent") * Value(pad, "height_um") / 124, tolerance: 8);
            var aperture = Value(pad, "size_x_mm") * Value(pad, "size_y_mm") * 1e6;
            Value(pad, "area_um2").ShouldBe(Value(pad, "area_percent") / 100 * aperture, tolerance: aperture * 0.001);
        }
    }

    [Fact]
    public void Next_ManyPads_StencilFoulsUntilItIsCleaned()
    {
        var byPrints = new PcbProcess(5).Take(20_000).Where(pad => pad.Verdict == PcbVerdict.Good)
            .GroupBy(pad => Value(pad, "prints_since_cleaning"))
            .ToDictionary(group => group.Key, group => group.Average(pad => Value(pad, "volume_percent")));
        byPrints.Count.ShouldBe(10);
        (byPrints[0] - byPrints[9]).ShouldBeGreaterThan(2);
    }

    [Fact]
    public void Next_ManyPads_LabelsAreFrequentEnoughToLearn()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var labels = new PcbProcess(seed).Take(3_000).CountBy(pad => pad.Label).ToDictionary();
            labels[PcbLabel.Ok].ShouldBeInRange(2_250, 2_550);
            labels[PcbLabel.Error].ShouldBeGreaterThan(180);
            labels[PcbLabel.PseudoError].ShouldBeGreaterThan(180);
        }
    }

    [Fact]
    public void Next_ManyPads_OnlyAlarmedPadsAreCalledPseudoErrors()
    {
        foreach (var pad in new PcbProcess(9).Take(5_000))
        {
            var alarmed = pad.Verdict != PcbVerdict.Good;
            (pad.TrueLabel == PcbLabel.Ok).ShouldBe(!alarmed);
            if (alarmed)
                pad.Label.ShouldNotBe(PcbLabel.Ok);
            else
                pad.Label.ShouldNotBe(PcbLabel.PseudoError);
        }
    }

    [Fact]
    public void Next_ManyPads_EveryVerdictButShapeIsCommon()
    {
        var verdicts = new PcbProcess(4).Take(10_000).CountBy(pad => pad.Verdict).ToDictionary();
        foreach (var verdict in (PcbVerdict[])[PcbVerdict.Insufficient, PcbVerdict.Excess, PcbVerdict.Bridge, PcbVerdict.Offset])
            verdicts[verdict].ShouldBeGreaterThan(100);
    }

    private static double Value(PcbPad pad, string name)
    {
        var measurements = pad.Measurements;
        return measurements[PcbMeasurements.Names.ToList().IndexOf(name)];
    }

    private static void ShouldSpread(PcbPad[] pads, string name, double mean, double deviation, double slack)
    {
        var values = pads.Select(pad => Value(pad, name)).ToArray();
        var average = values.Average();
        average.ShouldBe(mean, slack, name);
        Math.Sqrt(values.Average(value => (value - average) * (value - average))).ShouldBe(deviation, slack, name);
    }

    private static string Digest(long seed)
    {
        var text = new StringBuilder();
        foreach (var pad in new PcbProcess(seed).Take(1_000))
        {
            var measurements = pad.Measurements;
            foreach (var value in measurements)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value:R},");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{pad.Verdict.ToText()},{pad.Label.ToText()}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}

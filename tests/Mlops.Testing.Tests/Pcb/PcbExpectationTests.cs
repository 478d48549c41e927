using Mlops.Testing.Pcb;

namespace Mlops.Testing.Tests.Pcb;

public class PcbExpectationTests
{
    [Fact]
    public void BestAccuracy_TwentySeeds_LeavesRoomForMistakesAndForLearning()
    {
        for (var seed = 0; seed < 20; seed++)
            Of(new PcbProcess(seed).Take(3_000)).BestAccuracy.ShouldBeInRange(0.88, 0.97);
    }

    [Fact]
    public void BestAccuracy_LabelsAsWritten_IsWhatTheBestGuessReaches()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var pads = new PcbProcess(seed).Take(4_000).Skip(3_000).ToArray();
            var reached = pads.Count(pad => pad.BestGuess == pad.Label) / 1_000.0;
            Of(pads).BestAccuracy.ShouldBe(reached, 0.01);
        }
    }

    [Fact]
    public void BestAccuracy_ManyPads_NoOtherRuleOfTheMeasurementsBeatsIt()
    {
        var pads = new PcbProcess(2).Take(20_000).ToArray();
        var best = Of(pads).BestAccuracy;
        foreach (var limit in (double[])[40, 44, 47, 50, 54])
        {
            var rule = pads.Count(pad => Rule(pad, limit) == pad.Label) / (double)pads.Length;
            rule.ShouldBeLessThan(best + 0.002);
        }
    }

    [Fact]
    public void LabelProbabilities_PadsOfLikeProbability_AreWrittenThatOften()
    {
        var pads = new PcbProcess(1).Take(100_000).ToArray();
        foreach (var label in Enum.GetValues<PcbLabel>())
        {
            foreach (var group in pads.GroupBy(pad => (int)(pad.LabelProbabilities[label] * 10)).Where(group => group.Count() > 200))
            {
                var expected = group.Average(pad => pad.LabelProbabilities[label]);
                var written = group.Count(pad => pad.Label == label) / (double)group.Count();
                written.ShouldBe(expected, 0.05);
            }
        }
    }

    [Fact]
    public void TrueLabel_ManyPads_DiffersFromTheLabelAsOftenAsInspectorsErr()
    {
        var pads = new PcbProcess(6).Take(50_000).ToArray();
        Mistakes(pads.Where(pad => pad.Verdict == PcbVerdict.Good)).ShouldBe(0.015, 0.003);
        Mistakes(pads.Where(pad => pad.Verdict != PcbVerdict.Good)).ShouldBe(0.13, 0.01);
    }

    [Fact]
    public void BestMacroF1_LabelsAsWritten_IsWhatTheBestGuessReaches()
    {
        var pads = new PcbProcess(8).Take(20_000).ToArray();
        var reached = Enum.GetValues<PcbLabel>().Average(label =>
            2.0 * pads.Count(pad => pad.BestGuess == label && pad.Label == label)
            / (pads.Count(pad => pad.BestGuess == label) + pads.Count(pad => pad.Label == label)));
        Of(pads).BestMacroF1.ShouldBe(reached, 0.01);
    }

    [Fact]
    public void Share_AllLabels_AddsUpToOne()
    {
        var expectation = Of(new PcbProcess(8).Take(3_000));
        expectation.Records.ShouldBe(3_000);
        Enum.GetValues<PcbLabel>().Sum(expectation.Share).ShouldBe(1, 1e-9);
        expectation.Share(PcbLabel.Ok).ShouldBeInRange(0.75, 0.85);
    }

    private static PcbExpectation Of(IEnumerable<PcbPad> pads)
    {
        var expectation = new PcbExpectation();
        foreach (var pad in pads)
            expectation.Add(pad);
        return expectation;
    }

    private static double Mistakes(IEnumerable<PcbPad> pads) => pads.Average(pad => pad.Label == pad.TrueLabel ? 0.0 : 1.0);

    private static PcbLabel Rule(PcbPad pad, double limit)
    {
        var measurements = pad.Measurements;
        return pad.Verdict == PcbVerdict.Good ? PcbLabel.Ok : measurements[9] > limit ? PcbLabel.Error : PcbLabel.PseudoError;
    }
}

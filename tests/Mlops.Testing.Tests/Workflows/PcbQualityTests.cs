using System.Globalization;
using System.Text;
using Mlops.Testing.Csv;
using Mlops.Testing.Pcb;

namespace Mlops.Testing.Tests.Workflows;

public class PcbQualityTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Train_TwoThousandPads_ComesWithinTwoPercentOfTheBest(long seed)
    {
        var pads = new PcbProcess(seed).Take(4_000).ToArray();
        var run = await WorkflowRun.Train("pcb-quality", Csv(pads[..2_000]), Csv(pads[2_000..]), "quality");

        var expectation = new PcbExpectation();
        foreach (var pad in pads[2_000..])
            expectation.Add(pad);
        run.Accuracy.ShouldBeGreaterThan(expectation.BestAccuracy - 0.02);
        MacroF1(run.Answers, pads[2_000..]).ShouldBeGreaterThan(expectation.BestMacroF1 - 0.04);
        run.Metrics["accuracy"].ShouldBe(run.Accuracy, 0.04);
        run.Metrics["macro_f1"].ShouldBe(expectation.BestMacroF1, 0.1);
        run.ProbabilitiesShape.ShouldBe([2_000, 3]);
        run.ProbabilitySumsOff.ShouldBeLessThan(1e-9);
        run.Progress.ShouldBeInOrder();
        run.Progress[^1].ShouldBe(1);
        run.PeakMiB.ShouldBeLessThan(170);
        run.PandasImported.ShouldBeFalse();
    }

    [Fact]
    public async Task Predict_RowsOneByOne_AnswersAsInABatch()
    {
        var pads = new PcbProcess(4).Take(1_200).ToArray();
        var run = await WorkflowRun.Train("pcb-quality", Csv(pads[..1_000]), Csv(pads[1_000..]), "quality");
        run.Alone.ShouldBe(run.Answers);
    }

    [Fact]
    public async Task Golden_ModelOfAnySeed_AnswersAsExpected()
    {
        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", "pcb-quality", "golden.csv"));
        var table = CsvTable.Parse(golden, "golden.csv");
        table.Columns.Select(column => column.Name).ShouldBe([.. PcbMeasurements.Names, "expected"]);
        var run = await WorkflowRun.Train("pcb-quality", Csv(new PcbProcess(77).Take(2_000)), golden.Replace("expected", "quality", StringComparison.Ordinal), "quality");
        run.Accuracy.ShouldBe(1);
        run.Answers.Distinct().Order().ShouldBe(["error", "ok", "pseudo-error"]);
    }

    [Fact]
    public async Task Predict_GapsInTheMeasurements_StillAnswers()
    {
        var pads = new PcbProcess(5).Take(1_100).ToArray();
        var test = Csv(pads[1_000..]).Split('\n');
        for (var i = 1; i <= 100; i++)
            test[i] = test[i][test[i].IndexOf(',', StringComparison.Ordinal)..];
        var run = await WorkflowRun.Train("pcb-quality", Csv(pads[..1_000]), string.Join('\n', test), "quality");
        run.Accuracy.ShouldBeGreaterThan(0.85);
    }

    private static double MacroF1(string[] answers, PcbPad[] pads) => PcbText.Labels.Average(label =>
        2.0 * pads.Where((pad, i) => answers[i] == label && pad.Label.ToText() == label).Count()
        / (answers.Count(answer => answer == label) + pads.Count(pad => pad.Label.ToText() == label)));

    private static string Csv(IEnumerable<PcbPad> pads)
    {
        var text = new StringBuilder(string.Join(',', PcbMeasurements.Names)).Append(",quality\n");
        foreach (var pad in pads)
        {
            var measurements = pad.Measurements;
            foreach (var value in measurements)
                text.Append(CultureInfo.InvariantCulture, $"{value:R},");
            text.Append(pad.Label.ToText()).Append('\n');
        }

        return text.ToString();
    }
}

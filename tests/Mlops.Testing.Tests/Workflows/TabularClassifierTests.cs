using System.Globalization;
using System.Text;
using Mlops.Testing.Csv;

namespace Mlops.Testing.Tests.Workflows;

public class TabularClassifierTests
{
    [Fact]
    public async Task Train_WordsNumbersGapsAndYesNo_LearnsTheRule()
    {
        var table = Mixed(rows: 1_500);
        var run = await WorkflowRun.Train("tabular-classifier", Join(table, ..1_000), Join(table, 1_000..), "class");
        run.Accuracy.ShouldBeGreaterThan(0.9);
        run.Metrics["accuracy"].ShouldBe(run.Accuracy, 0.06);
        run.ProbabilitiesShape.ShouldBe([500, 3]);
        run.Progress[^1].ShouldBe(1);
        run.Alone.ShouldBe(run.Answers[..200]);
        run.PandasImported.ShouldBeFalse();
    }

    [Fact]
    public async Task Predict_WordsNeverSeenAndColumnsWithoutAnyValue_StillAnswers()
    {
        var table = Mixed(rows: 600);
        var test = Join(table, 500..).Replace("red,", "ultraviolet,", StringComparison.Ordinal).Split('\n').ToArray();
        for (var i = 1; i < test.Length - 1; i++)
            test[i] = test[i][test[i].IndexOf(',', StringComparison.Ordinal)..];
        var run = await WorkflowRun.Train("tabular-classifier", Join(table, ..500), string.Join('\n', test), "class");
        run.Rows.ShouldBe(100);
        run.ProbabilitySumsOff.ShouldBeLessThan(1e-9);
    }

    [Fact]
    public async Task Train_SteelPlates_IsAsGoodAsABareRandomForest()
    {
        var path = Path.Combine(Repository(), "..", "shared", "data", "steel_plates_faults.csv");
        if (!File.Exists(path))
            return; // The data set is not part of this repository.
        var table = CsvTable.Load(path);
        var labels = new CsvLabels(table, "fault_type");
        labels.Classes.Count.ShouldBe(7);
        var split = StratifiedSplit.Shuffle(labels.Rows, row => labels[row]!, seed: 1);
        var lines = await File.ReadAllLinesAsync(path);
        string Lines(IEnumerable<int> rows) => string.Join('\n', rows.Select(row => lines[table.Line(row) - 1]).Prepend(lines[0])) + "\n";

        var run = await WorkflowRun.Train("tabular-classifier", Lines(split.Training), Lines(split.Test), "fault_type", "--plain");
        run.Accuracy.ShouldBe(run.PlainAccuracy!.Value, 0.02);
        run.Accuracy.ShouldBeInRange(0.74, 0.83);
        run.PeakMiB.ShouldBeLessThan(170);
    }

    /// <summary>Rows whose class follows from a colour, a size with gaps, a yes/no value and a serial number's prefix that says nothing.</summary>
    private static List<string> Mixed(int rows)
    {
        var random = new Random(12);
        var lines = new List<string> { "size,colour,tested,serial,note,class" };
        for (var i = 0; i < rows; i++)
        {
            var size = random.NextDouble() * 10;
            var colour = random.GetItems<string>(["red", "green", "bläu", ""], 1)[0];
            var tested = random.Next(2) == 0;
            var kind = colour == "red" ? "A" : size > 5 || tested ? "B" : "C";
            var gap = random.Next(20) == 0;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(gap ? "" : $"{size:F2}")},{colour},{(tested ? "true" : "false")},SN-{i:D5},,{kind}"));
        }

        return lines;
    }

    private static string Join(List<string> lines, Range rows)
    {
        var text = new StringBuilder(lines[0]).Append('\n');
        foreach (var line in lines[1..][rows])
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MlOps.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}

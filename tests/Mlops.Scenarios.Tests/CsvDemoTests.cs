using System.Globalization;
using System.Text;
using Mlops.Testing.Csv;

namespace Mlops.Scenarios.Tests;

/// <summary>The main job on anybody's CSV file, compared with plain scikit-learn on the same split.</summary>
public sealed class CsvDemoTests
{
    [Fact]
    public async Task Once_SteelPlates_EqualsPlainScikitLearn()
    {
        if (Repository.DataSet("steel_plates_faults.csv") is not { } csv)
            return; // The data set is not part of the project.
        await CompareAsync(csv, "fault_type");
    }

    [Fact]
    public async Task Once_NumbersTextGapsQuotesAndForeignLetters_EqualsPlainScikitLearn()
    {
        using var folder = new DemoFolder();
        await CompareAsync(folder.Write("mixed.csv", MixedCsv(1500, new Random(5))), "Qualität");
    }

    [Fact]
    public async Task Once_TwoHundredRows_AnswersAtLeastAThousand()
    {
        using var folder = new DemoFolder();
        string csv = folder.Write("small.csv", MixedCsv(200, new Random(3)));

        (int exitCode, string output) = await folder.RunAsync("--once", "--csv", csv, "--label", "Qualität");

        exitCode.ShouldBe(0, output);
        folder.Report.GetProperty("predictions").GetInt64().ShouldBeGreaterThanOrEqualTo(1000);
    }

    [Fact]
    public async Task Once_SplitByTime_TrainsOnTheOlderRows()
    {
        using var folder = new DemoFolder();
        var text = new StringBuilder("when,a,class\n");
        for (int i = 0; i < 400; i++)
            text.Append(CultureInfo.InvariantCulture, $"2026-01-01T00:{i / 60:00}:{i % 60:00}Z,{i % 7},{(i % 7 > 3 ? "high" : "low")}\n");
        string csv = folder.Write("timed.csv", text.ToString());

        (int exitCode, string output) = await folder.RunAsync("--once", "--csv", csv, "--label", "class", "--time", "when", "--split", "time");

        exitCode.ShouldBe(0, output);
        folder.Report.GetProperty("accuracy").GetDouble().ShouldBeGreaterThan(0.99);
    }

    [Fact]
    public async Task Once_LabelIsAQuantity_IsEstimatedAndReportedWithR2AndMae()
    {
        using var folder = new DemoFolder();
        var random = new Random(4);
        string[] woods = ["oak", "pine", "birch"];
        var text = new StringBuilder("length,width,wood,wet,weight\n");
        for (int i = 0; i < 1200; i++)
        {
            (double length, double width, int wood, bool wet) = (random.NextDouble() * 4, random.NextDouble() * 3, random.Next(3), random.Next(2) == 0);
            double weight = (length * 6) + (width * 5) + (wood * 8) + (wet ? 6 : 0) + ((random.NextDouble() - 0.5) * 4);
            string gap = i % 30 == 0 ? "" : width.ToString("0.00", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{length:0.00},{gap},{woods[wood]},{(wet ? "true" : "false")},{weight:0.00}\n");
        }

        (int exitCode, string output) = await folder.RunAsync("--once", "--csv", folder.Write("planks.csv", text.ToString()), "--label", "weight");

        exitCode.ShouldBe(0, output);
        folder.Report.GetProperty("workflow").GetString().ShouldBe("tabular-regressor");
        folder.Report.GetProperty("r2").GetDouble().ShouldBeGreaterThan(0.93);
        folder.Report.GetProperty("mae").GetDouble().ShouldBeLessThan(3);
        folder.Report.GetProperty("predictions").GetInt64().ShouldBeGreaterThanOrEqualTo(1000);
        output.ShouldContain("Mean absolute error");
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "side", "side")]
    [InlineData("a,side\n1,left\n2,left\n3,left\n", "side", "left")]
    [InlineData("a,side\n", "side", "row")]
    [InlineData("a,side\n1,left\n2\n3,right\n", "side", "3")]
    [InlineData("a,side\n1,\"left\n2,right\n", "side", "quote")]
    public async Task Once_UnusableFile_SaysWhatAndWhere(string content, string label, string expected)
    {
        using var folder = new DemoFolder();
        string csv = folder.Write("bad.csv", content);

        (int exitCode, string output) = await folder.RunAsync("--once", "--csv", csv, "--label", label);

        exitCode.ShouldBe(1);
        output.ShouldContain(expected);
        output.ShouldContain("bad.csv");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Once_NoSuchFile_IsRefusedByTheCommandLine()
    {
        using var folder = new DemoFolder();

        (int exitCode, string output) = await folder.RunAsync("--once", "--csv", "nowhere.csv", "--label", "x");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("nowhere.csv");
    }

    private static async Task CompareAsync(string csv, string label)
    {
        using var folder = new DemoFolder();
        CsvTable table = CsvTable.Load(csv);
        var labels = new CsvLabels(table, label);
        StratifiedSplit split = StratifiedSplit.Shuffle(labels.Rows, row => labels[row]!);
        string indices = folder.Write("split.txt", string.Join(' ', split.Training) + "\n" + string.Join(' ', split.Test) + "\n");
        double plain = double.Parse(await RunPythonAsync("plain_sklearn.py", csv, label, indices), CultureInfo.InvariantCulture);

        (int exitCode, string output) = await folder.RunAsync("--once", "--seed", "0", "--csv", csv, "--label", label);

        exitCode.ShouldBe(0, output);
        double ours = folder.Report.GetProperty("accuracy").GetDouble();
        Math.Abs(ours - plain).ShouldBeLessThanOrEqualTo(0.02, $"plain scikit-learn {plain}, ours {ours}");
        folder.Report.GetProperty("predictions").GetInt64().ShouldBeGreaterThanOrEqualTo(1000);
    }

    private static async Task<string> RunPythonAsync(string script, params string[] args)
    {
        await using RunningProcess python = RunningProcess.Start("/usr/bin/python3", [Path.Combine(Repository.Root, "tests", "Mlops.Scenarios.Tests", script), .. args]);
        (await python.WaitAsync(TimeSpan.FromMinutes(2))).ShouldBe(0, python.Output);
        return python.Output.Trim();
    }

    // Three classes that depend on a number, a word and a flag; with gaps, quoted commas, quotes, line breaks and foreign letters.
    private static string MixedCsv(int rows, Random random)
    {
        string[] tools = ["Fräser, groß", "say \"hi\"", "日本", "плоский", "two\nlines"];
        var text = new StringBuilder("Höhe,Werkzeug,läuft,Nummer,Qualität\n");
        for (int i = 0; i < rows; i++)
        {
            double height = Math.Round(random.NextDouble() * 10, 3);
            int tool = random.Next(tools.Length);
            bool running = random.Next(2) == 0;
            string quality = random.NextDouble() < 0.05 ? "unklar" : height > 6 && tool < 2 ? "schlecht" : running && tool == 3 ? "unklar" : "gut";
            text.Append(random.Next(20) == 0 ? "" : height.ToString(CultureInfo.InvariantCulture)).Append(',')
                .Append(random.Next(25) == 0 ? "" : "\"" + tools[tool].Replace("\"", "\"\"", StringComparison.Ordinal) + "\"").Append(',')
                .Append(running ? "true" : "false").Append(',')
                .Append(random.Next(1000)).Append(',')
                .Append(random.Next(40) == 0 ? "" : quality).Append('\n');
        }

        return text.ToString();
    }
}

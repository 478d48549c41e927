using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mlops.Benchmarks.Harness;

/// <summary>Writes one Markdown and one JSON file a scenario.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string folder, IScenario scenario, Machine machine, Comparison comparison, double loadAfter)
    {
        Directory.CreateDirectory(folder);
        var result = new { scenario.Name, scenario.Title, scenario.Method, machine, loadAfter, comparison.Notes, comparison.Figures };
        File.WriteAllText(Path.Combine(folder, scenario.Name + ".json"), JsonSerializer.Serialize(result, s_json) + "\n");
        File.WriteAllText(Path.Combine(folder, scenario.Name + ".md"), Markdown(scenario, machine, comparison, loadAfter));
    }

    private static string Markdown(IScenario scenario, Machine machine, Comparison comparison, double loadAfter)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {scenario.Title}\n\n{scenario.Method}\n\n");
        text.Append("| case | metric | unit | Mlops | (min – max) | baseline | (min – max) | ratio |\n|---|---|---|---:|---:|---:|---:|---:|\n");
        foreach (Figure f in comparison.Figures)
        {
            string ratio = f.Ratio is not { } r ? "–" : r < 1 ? $"**{Number(r)}**" : Number(r);
            text.Append(CultureInfo.InvariantCulture, $"| {f.Case} | {f.Metric} | {f.Unit} | {Number(f.Ours.Median)} | {Number(f.Ours.Min)} – {Number(f.Ours.Max)} | {Number(f.Baseline.Median)} | {Number(f.Baseline.Min)} – {Number(f.Baseline.Max)} | {ratio} |\n");
        }

        text.Append("\nA ratio says how many times better Mlops is; below 1, in bold, it is worse. Figures are medians of the rounds.\n\n");
        foreach (string side in comparison.Figures.Select(f => $"- {f.Case}: {f.OursName} against {f.BaselineName}, {f.Rounds} rounds each").Distinct())
            text.Append(side).Append('\n');
        foreach (string note in comparison.Notes)
            text.Append("- ").Append(note).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"""

            Measured {machine.Date:yyyy-MM-dd HH:mm} UTC at commit {machine.Commit} on {machine.Processor}, {machine.Cores} cores, {machine.OperatingSystem}, {machine.Dotnet}, {machine.Python}.
            Load average {Number(machine.Load)} before, {Number(loadAfter)} after. The cores are shared with other work, so absolute figures vary from run to run: read the ratios.

            """);
        return text.ToString();
    }

    private static string Number(double value) => value switch
    {
        0 => "0",
        >= 1000 or <= -1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 or <= -100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 or <= -10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}

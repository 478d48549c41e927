using System.Globalization;
using System.Text;
using Mlops.Testing.Imu;

namespace Mlops.Testing.Tests.Imu;

/// <summary>The files of the sample workflow imu-activity are made here. <c>MLOPS_WRITE_SAMPLES=FOLDER</c> writes them anew.</summary>
public class ImuSampleFilesTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("sample.csv", 11, 70, false)]
    [InlineData("golden.csv", 12, 38, true)]
    public async Task Files_OfTheSample_AreWhatTheVirtualWorkerDoes(string file, long seed, int seconds, bool golden)
    {
        // The first seed from there on whose worker does everything.
        string text = Enumerable.Range(0, 100).Select(more => Write(seed + more, seconds, golden)).First(t => ImuText.Labels.All(label => Lines(t, label) > (golden ? 0 : 200)));
        if (Environment.GetEnvironmentVariable("MLOPS_WRITE_SAMPLES") is { Length: > 0 } folder)
            await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "workflows", "imu-activity", file))).ShouldBe(text.Split('\n')[..^1]);
    }

    private static int Lines(string text, string label) => text.Split('\n').Count(l => l.EndsWith("," + label, StringComparison.Ordinal));

    private static string Write(long seed, int seconds, bool golden)
    {
        var work = new ImuWork(new ImuWorkOptions { Seed = seed, Shortest = TimeSpan.FromSeconds(6), Longest = TimeSpan.FromSeconds(golden ? 6 : 7) });
        var samples = Enumerable.Range(0, seconds * 50).Select(_ => work.Next()).ToArray();
        var text = new StringBuilder("timestamp");
        foreach (string hand in (string[])["r", "l"])
            text.AppendJoin("", ImuSample.Names.Select(name => $",{hand}_{name}"));
        text.Append(golden ? ",expected\n" : ",activity\n");
        for (var i = 0; i < samples.Length; i++)
        {
            (ImuSample right, ImuSample left, ImuActivity? activity) = samples[i];
            text.Append((Start + right.Time).ToString("yyyy-MM-ddTHH:mm:ss.ffZ", CultureInfo.InvariantCulture));
            foreach (double value in right.ToArray().Concat(left.ToArray()))
                text.Append(CultureInfo.InvariantCulture, $",{value:0.##}");
            text.Append(',').Append(golden ? Expected(samples, i) : activity?.ToText()).Append('\n');
        }

        return text.ToString();
    }

    // The last record of a window whose four seconds belong to one activity; windows end every two seconds.
    private static string? Expected((ImuSample Right, ImuSample Left, ImuActivity? Activity)[] samples, int i) =>
        (i + 1) % 100 == 0 && i >= 199 && i < samples.Length - 50 && samples[(i - 199)..(i + 1)].All(s => s.Activity is { } a && a == samples[i].Activity) ? samples[i].Activity!.Value.ToText() : null;
}

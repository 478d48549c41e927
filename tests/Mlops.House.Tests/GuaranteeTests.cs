using System.Text.RegularExpressions;

namespace Mlops.House.Tests;

/// <summary>What docs/guarantees.md promises is proved by tests that are really there.</summary>
public sealed partial class GuaranteeTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs/guarantees.md"));
    private static readonly ILookup<string, string> Tests = FindTests();

    [Fact]
    public void Guarantees_TestsThatTheyName_Exist()
    {
        var missing = new List<string>();
        int found = 0;
        string lastClass = "", lastMethod = "";
        foreach (string line in Lines)
        {
            foreach (Match name in Reference().Matches(line))
            {
                if (name.Groups["class"].Success)
                    lastClass = name.Groups["class"].Value;
                string method = name.Groups["method"].Value;

                // "…_Situation_Result" is another situation of the member that was named last.
                if (name.Groups["same"].Success)
                    method = lastMethod.Split('_')[0] + method;
                lastMethod = method.Length > 0 ? method : lastMethod;
                if (method.Length > 0 ? Tests[lastClass].Contains(method) : Tests.Contains(lastClass))
                    found++;
                else
                    missing.Add($"{name.Value} ({lastClass}.{method})");
            }
        }

        missing.ShouldBeEmpty();
        found.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Guarantees_EachLine_NamesATest() =>
        Lines.Where(l => l.StartsWith("- ", StringComparison.Ordinal) || (l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| dropped", StringComparison.Ordinal)))
            .Where(l => !Reference().IsMatch(l)).ShouldBeEmpty();

    [Fact]
    public void Guarantees_InstrumentsThatTheyName_Exist()
    {
        string source = string.Concat(Sources("src").Where(f => f.EndsWith("Instruments.cs", StringComparison.Ordinal)).Select(File.ReadAllText));
        string[] named = [.. Lines.SelectMany(l => Instrument().Matches(l)).Select(m => m.Groups[1].Value).Distinct()];

        named.Length.ShouldBeGreaterThan(10);
        named.Where(n => !source.Contains($"\"{n}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static ILookup<string, string> FindTests() => Sources("tests")
        .Select(File.ReadAllText)
        .SelectMany(text => Class().Matches(text).SelectMany(c => Test().Matches(text).Select(t => (Class: c.Groups[1].Value, Method: t.Groups[1].Value))))
        .ToLookup(t => t.Class, t => t.Method, StringComparer.Ordinal);

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(f => !Built().IsMatch(f));

    [GeneratedRegex(@"`(?:(?<class>[A-Z]\w*Tests)(?:\.(?<method>\w+))?|…(?<same>(?=_))?(?<method>\w+))`")]
    private static partial Regex Reference();

    [GeneratedRegex(@"`(mlops\.[a-z_.]+)`")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\bclass (\w+Tests)\b")]
    private static partial Regex Class();

    [GeneratedRegex(@"\[(?:Fact|Theory)\].*?\n    public (?:async )?[\w<>]+ (\w+)\(", RegexOptions.Singleline)]
    private static partial Regex Test();

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex Built();
}

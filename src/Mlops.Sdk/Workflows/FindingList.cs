namespace Mlops.Workflows;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class FindingList(string file)
{
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> All => _findings;

    public void Add(int? line, string rule, string problem, string remedy) =>
        _findings.Add(new Finding(file, line, rule, Shorten(problem), Shorten(remedy)));

    /// <summary>Quotes a value of the file for a message: one line, of bounded length.</summary>
    public static string Quote(string value)
    {
        string line = new([.. value.Take(61).Select(c => char.IsControl(c) ? '?' : c)]);
        return line.Length > 60 ? $"'{line[..60]}…'" : $"'{line}'";
    }

    private static string Shorten(string text) => text.Length > 500 ? string.Concat(text.AsSpan(0, 500), "…") : text;
}

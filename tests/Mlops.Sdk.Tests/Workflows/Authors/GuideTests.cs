using System.Text.RegularExpressions;
using Mlops.Workflows.Manifests;

namespace Mlops.Workflows.Authors;

/// <summary>What the guides for authors tell them to type works.</summary>
public sealed partial class GuideTests : IDisposable
{
    private static readonly string Docs = Path.GetFullPath(Path.Combine(AuthorTool.Folder, "..", "..", "..", "..", "docs", "workflows"));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Guide_EveryCommand_Works()
    {
        _folder.Write("rows.csv", "a,b,truth\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{(i % 2 == 0 ? -2 : 2)},{i % 3},{(i % 2 == 0 ? "left" : "right")}\n")));
        int commands = 0;
        foreach (Match block in ShellBlock().Matches(File.ReadAllText(Path.Combine(Docs, "write-a-workflow.md"))))
        {
            foreach (string line in block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("pip install ./", StringComparison.Ordinal))
                {
                    File.Exists(Path.Combine(Docs, "..", "..", line["pip install ".Length..], "pyproject.toml")).ShouldBeTrue(line);
                    continue;
                }

                line.ShouldStartWith("python -m mlops ");
                (int code, _, string errors) = await AuthorTool.RunAsync(_folder.Path, line["python -m mlops ".Length..].Split(' '));
                code.ShouldBe(0, $"{line}\n{errors}");
                commands++;
            }
        }

        commands.ShouldBe(7);
    }

    [Fact]
    public void ManifestPage_Example_IsAManifestAndEveryKeyHasItsRow()
    {
        string page = File.ReadAllText(Path.Combine(Docs, "manifest.md"));
        ManifestReader.Read(YamlBlock().Match(page).Groups[1].Value).Findings.ShouldBeEmpty();
        string remedy = ManifestReader.Read("nonsense: 1\n").Findings.Single(f => f.Rule == "unknown-key").Remedy;
        IEnumerable<string> known = remedy[(remedy.IndexOf("Known: ", StringComparison.Ordinal) + 7)..].TrimEnd('.').Split(", ");
        TableRow().Matches(page).Select(m => m.Groups[1].Value).ShouldBe(known, ignoreOrder: true);
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"^\| `([a-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}

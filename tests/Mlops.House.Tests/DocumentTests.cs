using System.Text.RegularExpressions;

namespace Mlops.House.Tests;

public sealed partial class DocumentTests
{
    [Fact]
    public void Readme_EmbeddingAndWorkflow_AreTheCompiledSamples()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        foreach (string sample in new[] { "samples/HelloMlops/Program.cs", "samples/workflows/side-of-cut/workflow.py", "samples/workflows/side-of-cut/workflow.yaml" })
            readme.ShouldContain(File.ReadAllText(Path.Combine(Repository.Root, sample)).Trim(), Case.Sensitive, sample);
    }

    [Fact]
    public void WriteADriver_Code_IsTheCompiledSample()
    {
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "docs/drivers/write-a-driver.md"));

        string[] files = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples/CustomDriver"), "*.cs")];
        files.Length.ShouldBeInRange(3, 4);
        foreach (string file in files)
            guide.ShouldContain(File.ReadAllText(file).Trim(), Case.Sensitive, file);
        IEnumerable<string> test = File.ReadLines(Path.Combine(Repository.Root, "tests/Mlops.Testing.Tests/Drivers/CustomDriverTests.cs"))
            .SkipWhile(l => !l.Contains("var kit", StringComparison.Ordinal)).TakeWhile(l => l.Trim() != "}").Select(l => l.Length > 8 ? l[8..] : l.Trim());
        guide.ShouldContain(string.Join('\n', test).Trim());
    }

    [Theory]
    [InlineData("samples/HelloMlops/Program.cs", 25)]
    [InlineData("samples/EdgeHost/Program.cs", 40)]
    public void Sample_Length_StaysWithinItsPromise(string path, int lines) =>
        File.ReadLines(Path.Combine(Repository.Root, path)).Count().ShouldBeLessThanOrEqualTo(lines);

    [Fact]
    public void Documents_LinksInside_LeadSomewhere()
    {
        var broken = new List<string>();
        foreach (string file in Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories).Where(f => !Ignored().IsMatch(f)))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(file)))
            {
                string target = Path.Combine(Path.GetDirectoryName(file)!, link.Groups[1].Value);
                if (!File.Exists(target) && !Directory.Exists(target))
                    broken.Add($"{Path.GetRelativePath(Repository.Root, file)}: {link.Groups[1].Value}");
            }
        }

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Packages_EverySourceProject_HasAReadme() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Where(d => !File.Exists(Path.Combine(d, "README.md"))).ShouldBeEmpty();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[\\/](artifacts|node_modules|bin|obj)[\\/]")]
    private static partial Regex Ignored();
}

using System.Text.Json;
using Mlops.Workflows.Authors;

namespace Mlops.Workflows.Manifests;

/// <summary>The node, the authors' command and the published schema take and refuse the same manifests.</summary>
public sealed class ManifestAgreementTests : IDisposable
{
    // What no schema can say: who names whom, order, duplicates of keys, numbers with units.
    private static readonly HashSet<string> BeyondSchema = ["label-is-input", "duplicate-key", "duplicate-input", "duplicate-field", "duration", "parameter", "input-default", "fill-default", "split-field", "window-extent", "window-rows", "window-hop", "window-step", "window-late", "window-input"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Python_EveryManifest_FindsWhatTheNodeFindsInTheSameWords()
    {
        const string script = """
            import json, sys
            from mlops import _manifest
            print(json.dumps([[list(f) for f in _manifest.read(text)[1]] for text in json.load(sys.stdin)]))
            """;
        string answer = await AuthorTool.ScriptAsync(_folder.Path, script, JsonSerializer.Serialize(ManifestTable.All));
        JsonElement[] python = JsonSerializer.Deserialize<JsonElement[]>(answer)!;
        python.Length.ShouldBe(ManifestTable.All.Count);
        for (int i = 0; i < python.Length; i++)
        {
            string[] expected = [.. ManifestReader.Read(ManifestTable.All[i]).Findings.Select(Show)];
            string[] found = [.. python[i].EnumerateArray().Select(f => Show(new Finding(f[0].GetString()!, f[1].ValueKind == JsonValueKind.Null ? null : f[1].GetInt32(), f[2].GetString()!, f[3].GetString()!, f[4].GetString()!)))];
            found.ShouldBe(expected, ignoreOrder: true, ManifestTable.All[i]);
        }
    }

    [Fact]
    public void Schema_EveryManifest_IsTakenWhenTheNodeTakesIt()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AuthorTool.Folder, "mlops", "workflow.schema.json")));
        int good = 0, bad = 0;
        foreach (string text in ManifestTable.All)
        {
            var unread = new FindingList("workflow.yaml");

            // JSON has one null; YAML has the word and the empty value, of which the node takes only the word here.
            if (YamlTree.Read(text, unread) is not { } tree || text.Contains("fill:\n", StringComparison.Ordinal))
                continue;
            IReadOnlyList<Finding> findings = ManifestReader.Read(text).Findings;
            bool isValid = new SchemaCheck(schema.RootElement).IsValid(tree);
            if (findings.Count == 0)
                isValid.ShouldBeTrue(text);
            else if (findings.Any(f => !BeyondSchema.Contains(f.Rule)))
                isValid.ShouldBeFalse($"{text}\n{string.Join('\n', findings)}");
            good += isValid ? 1 : 0;
            bad += isValid ? 0 : 1;
        }

        good.ShouldBeGreaterThan(15);
        bad.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void Schema_Keys_AreThoseOfTheNode()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AuthorTool.Folder, "mlops", "workflow.schema.json")));
        string remedy = ManifestReader.Read("nonsense: 1\n").Findings.Single(f => f.Rule == "unknown-key").Remedy;
        string[] known = remedy[(remedy.IndexOf("Known: ", StringComparison.Ordinal) + 7)..].TrimEnd('.').Split(", ");
        schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name).ShouldBe(known, ignoreOrder: true);
    }

    // The words about syntax are those of the YAML readers, and may point at the line before.
    private static string Show(Finding finding) => finding.Rule == "yaml-syntax" ? finding.Rule : finding.ToString();
}

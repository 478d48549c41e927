using System.Text.Json;


namespace Mlops.Web.Browser.Tests;

/// <summary>What the pages are made of.</summary>
public sealed class ScriptTests
{
    [Fact]
    public Task Logic_TestsOfThePages_Pass() => NodeProgram.RunAsync("node_modules/vitest/vitest.mjs", "run");

    [Fact]
    public Task Types_OfThePages_Fit() => NodeProgram.RunAsync("node_modules/typescript/bin/tsc", "--noEmit");

    [Fact]
    public async Task Contracts_OfThePages_AreThoseOfTheApiDocument()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        using var http = new HttpClient { BaseAddress = node.Address };
        string folder = Directory.CreateTempSubdirectory("mlops-browser-tests-").FullName;
        string document = Path.Combine(folder, "openapi.json"), made = Path.Combine(folder, "contracts.ts");
        await File.WriteAllTextAsync(document, await http.GetStringAsync("openapi/v1.json"));
        string committed = Path.Combine(Repository.Pages, "src/api/contracts.ts");

        await NodeProgram.RunAsync("contracts.mjs", document, made);

        string expected = await File.ReadAllTextAsync(made);
        // With this set, the test brings the file up to date instead.
        if (Environment.GetEnvironmentVariable("MLOPS_UPDATE") == "1")
            await File.WriteAllTextAsync(committed, expected);
        (await File.ReadAllTextAsync(committed)).ShouldBe(expected, "src/api/contracts.ts is not in step with the operations. Run this test with MLOPS_UPDATE=1 and commit what it writes.");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Bundle_Compressed_StaysUnder400Kilobytes()
    {
        long size = Directory.EnumerateFiles(Path.Combine(Repository.Pages, "obj/ui"), "*.gz", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

        size.ShouldBeInRange(100_000, 400_000);
    }

    [Fact]
    public void Notices_EveryPackageInTheBundle_IsNamedWithItsLicence()
    {
        string notices = File.ReadAllText(Path.Combine(Repository.Root, "THIRD-PARTY-NOTICES.md"));
        using JsonDocument packages = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Pages, "obj/packages.json")));

        packages.RootElement.GetArrayLength().ShouldBeGreaterThan(5);
        foreach (JsonElement package in packages.RootElement.EnumerateArray())
            notices.ShouldContain($"| {package.GetProperty("name").GetString()} | {package.GetProperty("license").GetString()} |");
    }
}

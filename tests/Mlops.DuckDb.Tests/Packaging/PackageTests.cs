using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Mlops.DuckDb.Tests.Packaging;

/// <summary>Packs the binding and runs the readme's program from a project outside of the repository that has nothing but the package.</summary>
[Trait("Category", "pack")]
public sealed partial class PackageTests : IDisposable
{
    private static readonly string[] Libraries =
    [
        "runtimes/linux-arm64/native/libduckdb.so", "runtimes/linux-x64/native/libduckdb.so",
        "runtimes/osx-arm64/native/libduckdb.dylib", "runtimes/win-x64/native/duckdb.dll",
    ];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Package_UsedByAFreshProject_RunsTheReadmesProgram()
    {
        var source = Path.GetFullPath(Path.Combine(Folder(), "../../../src/Mlops.DuckDb"));
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        // The version differs from the released one, so that no package cache can answer instead.
        await Dotnet(source, "pack", "--no-build", "-c", configuration, "-o", _temp.File("feed"), "-p:PackageVersion=0.0.1-test", "-v", "q", "--nologo");
        var package = Directory.GetFiles(_temp.File("feed"), "*.nupkg").ShouldHaveSingleItem();
        using (var archive = await ZipFile.OpenReadAsync(package))
        {
            var names = archive.Entries.Select(entry => entry.FullName).ToArray();
            names.Where(name => name.StartsWith("runtimes/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(Libraries);
            names.ShouldContain("THIRD-PARTY-NOTICES.md");
            names.ShouldContain("lib/net10.0/Mlops.DuckDb.xml");
        }

        var readme = await File.ReadAllTextAsync(Path.Combine(source, "README.md"));
        var program = CodeBlock().Match(readme).Groups[1].Value;
        var expected = Output().Match(readme).Groups[1].Value;
        var app = Directory.CreateDirectory(_temp.File("app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), program);
        await File.WriteAllTextAsync(Path.Combine(app, "app.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Mlops.DuckDb" Version="0.0.1-test" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_temp.File("packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{_temp.File("feed")}" /></packageSources>
            </configuration>
            """);

        await Dotnet(app, "build", "-c", "Release", "-o", "out", "-v", "q", "--nologo");
        (await Dotnet(app, Path.Combine("out", "app.dll"))).Trim().ShouldBe(expected);
        foreach (var library in Libraries) File.Exists(Path.Combine(app, "out", library)).ShouldBeTrue(library);

        await Dotnet(app, "publish", "-c", "Release", "-r", "linux-arm64", "--self-contained", "false", "-o", "arm64", "-v", "q", "--nologo");
        Directory.GetFiles(Path.Combine(app, "arm64"), "*duckdb.so", SearchOption.AllDirectories)
            .ShouldHaveSingleItem().ShouldBe(Path.Combine(app, "arm64", "libduckdb.so"));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static async Task<string> Dotnet(string folder, params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What the test runner sets for itself must not steer the child; nor may build servers outlive it.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment.Remove("NUGET_PACKAGES");
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            process.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}\n{await output}\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("It prints `(.*?)`")]
    private static partial Regex Output();
}

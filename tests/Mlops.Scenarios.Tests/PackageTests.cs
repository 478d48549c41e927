using System.Globalization;

namespace Mlops.Scenarios.Tests;

/// <summary>The packages as an integrator gets them: from a folder, into a project of their own.</summary>
public sealed class PackageTests : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Mlops.Sdk" Version="VERSION" />
            <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.14" />
          </ItemGroup>
          <ItemGroup>
            <Content Include="side-of-cut/**" CopyToOutputDirectory="PreserveNewest" />
          </ItemGroup>
        </Project>
        """;

    private const string Sources = """
        <configuration>
          <packageSources>
            <add key="local" value="FEED" />
          </packageSources>
        </configuration>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-pack").FullName;

    [Fact]
    public async Task Pack_NewConsoleProject_RunsTheSampleWithItsNativeLibraries()
    {
        // A version of its own, so that no cache answers with an older package.
        string version = "0.1.0-test" + DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        string feed = Directory.CreateDirectory(Path.Combine(_folder, "feed")).FullName;
        string app = Directory.CreateDirectory(Path.Combine(_folder, "hello")).FullName;
        await DotnetAsync(Repository.Root, "pack", "MlOps.sln", "-c", "Release", "--no-build", "-o", feed, $"-p:PackageVersion={version}", "-v", "quiet", "--nologo");
        foreach (string name in new[] { "Mlops.Abstractions", "Mlops.Mqtt", "Mlops.DuckDb", "Mlops.Python", "Mlops.Sdk", "Mlops.Client", "Mlops.Web", "Mlops.Drivers.OpcUa", "Mlops.Drivers.GenICam", "Mlops.Onnx", "Mlops.Testing" })
            File.Exists(Path.Combine(feed, $"{name}.{version}.nupkg")).ShouldBeTrue(name);

        File.WriteAllText(Path.Combine(app, "hello.csproj"), Project.Replace("VERSION", version, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(app, "nuget.config"), Sources.Replace("FEED", feed, StringComparison.Ordinal));
        File.Copy(Path.Combine(Repository.Root, "samples", "HelloMlops", "Program.cs"), Path.Combine(app, "Program.cs"));
        string workflow = Directory.CreateDirectory(Path.Combine(app, "side-of-cut")).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "workflows", "side-of-cut")))
            File.Copy(file, Path.Combine(workflow, Path.GetFileName(file)));
        await DotnetAsync(app, "build", "-c", "Release", "-v", "quiet", "--nologo");
        string output = await DotnetAsync(app, Path.Combine(app, "bin", "Release", "net10.0", "hello.dll"), $"--Mlops:DataFolder={Path.Combine(_folder, "data")}");

        output.Split('\n').Count(l => l.StartsWith("record ", StringComparison.Ordinal) && l.Contains("left", StringComparison.Ordinal)).ShouldBe(5, output);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string package in Directory.EnumerateDirectories(cache, "mlops.*"))
        {
            foreach (string version in Directory.EnumerateDirectories(package, "0.1.0-test*"))
                Directory.Delete(version, recursive: true);
        }
    }

    private static async Task<string> DotnetAsync(string folder, params string[] args)
    {
        await using RunningProcess dotnet = RunningProcess.Start("dotnet", args, folder, new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" });
        (await dotnet.WaitAsync(TimeSpan.FromMinutes(5))).ShouldBe(0, dotnet.Output);
        return dotnet.Output;
    }
}

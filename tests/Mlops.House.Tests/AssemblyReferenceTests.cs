using System.Reflection;

namespace Mlops.House.Tests;

/// <summary>Which assembly may know which: the layout of the house, checked on what was compiled.</summary>
public sealed class AssemblyReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Mlops.Abstractions"] = ["Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Primitives"],
        ["Mlops.Mqtt"] = ["Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Data.Sqlite", "SQLitePCLRaw.*"],
        ["Mlops.DuckDb"] = [],
        ["Mlops.Python"] = ["Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"],
        ["Mlops.Sdk"] = ["Mlops.Abstractions", "Mlops.Mqtt", "Mlops.DuckDb", "Mlops.Python", "Microsoft.Extensions.*", "Microsoft.Data.Sqlite", "SQLitePCLRaw.*", "YamlDotNet", "Cronos"],
        ["Mlops.Client"] = [],
        ["Mlops.Web"] = ["Mlops.Sdk", "Mlops.Client", "Mlops.Abstractions", "Microsoft.AspNetCore.*", "Microsoft.Extensions.*", "Microsoft.Data.Sqlite", "OpenTelemetry*"],
        ["Mlops.Drivers.OpcUa"] = ["Mlops.Abstractions", "Microsoft.Extensions.*"],
        ["Mlops.Drivers.GenICam"] = ["Mlops.Abstractions", "Microsoft.Extensions.*"],
        ["Mlops.Onnx"] = ["Mlops.Abstractions", "Microsoft.Extensions.*"],
        ["Mlops.Testing"] = ["Mlops.Sdk", "Mlops.Abstractions", "Mlops.Mqtt", "Mlops.DuckDb", "Mlops.Python", "Microsoft.Extensions.*"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void References_OfEachAssembly_AreThoseItMayHave(string name)
    {
        List<string> references = [.. Assembly.Load(name).GetReferencedAssemblies().Select(a => a.Name!).Where(n => !IsFramework(n))];

        references.Where(r => !Allowed[name].Any(a => Matches(a, r))).ShouldBeEmpty($"{name} references what it must not");
    }

    [Fact]
    public void Sources_OfSrc_AreAllInTheTable() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order()
            .ShouldBe(Allowed.Keys.Order());

    private static bool IsFramework(string name) =>
        name is "netstandard" or "mscorlib" or "System" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal);

    private static bool Matches(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;
}

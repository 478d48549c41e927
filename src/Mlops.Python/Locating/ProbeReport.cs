using System.Text.Json.Serialization;

namespace Mlops.Python.Locating;

/// <summary>What probe.py prints; for interpreters older than 3.9 only version and executable are set.</summary>
internal sealed record ProbeReport
{
    public required int[] Version { get; init; }

    public required string Executable { get; init; }

    public string Prefix { get; init; } = "";

    public string BasePrefix { get; init; } = "";

    public int Bits { get; init; }

    public string Implementation { get; init; } = "";

    public bool FreeThreaded { get; init; }

    public string[] SearchPath { get; init; } = [];

    public string[] Libraries { get; init; } = [];

    public string? Library { get; init; }

    public Dictionary<string, string> ImportErrors { get; init; } = [];

    public Version ToVersion() => new(Version[0], Version[1], Version[2]);

    public PythonInstallation ToInstallation(string place) => new()
    {
        Executable = Executable,
        LibraryPath = Library,
        Version = ToVersion(),
        Prefix = Prefix,
        BasePrefix = BasePrefix,
        SearchPath = SearchPath,
        Place = place,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProbeReport))]
internal sealed partial class ProbeJson : JsonSerializerContext;

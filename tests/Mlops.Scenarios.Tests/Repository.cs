namespace Mlops.Scenarios.Tests;

/// <summary>Finds the repository, and the data sets beside it where there are any.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Gets a value indicating whether the full counts are asked for.</summary>
    public static bool Soak { get; } = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";

    /// <summary>Returns the full count in a soak run, else the reduced one.</summary>
    public static int Count(int reduced, int full) => Soak ? full : reduced;

    /// <summary>Returns the path of a real data set, or null where it is not there.</summary>
    public static string? DataSet(string name)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", name));
        return File.Exists(path) ? path : null;
    }

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "MlOps.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Find(parent)
        : throw new InvalidOperationException("The tests run outside the repository.");
}

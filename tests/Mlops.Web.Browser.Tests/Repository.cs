namespace Mlops.Web.Browser.Tests;

/// <summary>Finds the repository from where the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Gets the folder of what runs in the browser.</summary>
    public static string Pages { get; } = Path.Combine(Root, "src/Mlops.Web/Ui/Browser");

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "MlOps.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Find(parent)
        : throw new InvalidOperationException("The tests run outside the repository.");
}

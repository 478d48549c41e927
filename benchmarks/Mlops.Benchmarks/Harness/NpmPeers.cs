namespace Mlops.Benchmarks.Harness;

/// <summary>Finds folders of the checkout with packages of npm.</summary>
internal static class NpmPeers
{
    /// <param name="folder">The folder, below the root of the checkout.</param>
    /// <param name="package">A package that must be installed there.</param>
    public static string Find(string folder, string package)
    {
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            string peers = Path.Combine(above.FullName, folder);
            if (File.Exists(Path.Combine(peers, "package.json")))
            {
                return Directory.Exists(Path.Combine(peers, "node_modules", package)) ? peers
                    : throw new InvalidOperationException($"{package} is not installed. Run 'npm ci' in {peers}.");
            }
        }

        throw new InvalidOperationException($"The folder {folder} was not found above the program. Run the benchmarks from a checkout.");
    }
}

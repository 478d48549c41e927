namespace Mlops.Workflows.Packages;

/// <summary>Collects the files of a package and holds them against the rules for paths and sizes.</summary>
internal sealed class PackageIndex(WorkflowOptions limits)
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private long _total;
    private bool _full;

    public List<PackageFile> Files { get; } = [];

    public List<Finding> Findings { get; } = [];

    /// <summary>Takes a file unless it breaks a rule.</summary>
    public void Add(PackageFile file)
    {
        if (Files.Count >= limits.MaxFiles)
        {
            Refuse(ref _full, "package-files", $"The package has more than {limits.MaxFiles} files.", "Leave out what it does not need, or raise Mlops:Workflows:MaxFiles.");
            return;
        }

        if (file.Length > limits.MaxFileBytes)
        {
            Add(file.Path, "file-size", $"The file has {file.Length} bytes, more than {limits.MaxFileBytes}.", "Shorten it, or raise Mlops:Workflows:MaxFileBytes.");
            return;
        }

        bool before = _total > limits.MaxTotalBytes;
        _total += file.Length;
        if (_total > limits.MaxTotalBytes)
            Refuse(ref before, "package-size", $"The files have more than {limits.MaxTotalBytes} bytes together.", "Leave out what it does not need, or raise Mlops:Workflows:MaxTotalBytes.");
        if (IsNew(file.Path))
            Files.Add(file);
    }

    public void Add(string path, string rule, string problem, string remedy) =>
        Findings.Add(new Finding(FindingList.Quote(path)[1..^1], null, rule, problem, remedy));

    private bool IsNew(string path)
    {
        string folded = PackagePath.Fold(path);
        if (_files.TryGetValue(folded, out string? twin))
        {
            if (twin == path)
                Add(path, "file-duplicate", "The package has this file twice.", "Keep one of them.");
            else
                Add(path, "file-collision", $"It is the same name as {FindingList.Quote(twin)} where case does not count.", "Rename one of them.");
            return false;
        }

        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            string folder = path[..slash], foldedFolder = PackagePath.Fold(folder);
            if (_files.ContainsKey(foldedFolder) || (_folders.TryGetValue(foldedFolder, out string? other) && other != folder))
            {
                Add(path, "file-collision", $"Its folder {FindingList.Quote(folder)} meets a file or folder of the same name.", "Rename one of them.");
                return false;
            }

            _folders.TryAdd(foldedFolder, folder);
        }

        if (_folders.ContainsKey(folded))
        {
            Add(path, "file-collision", "A folder has the same name.", "Rename one of them.");
            return false;
        }

        _files.Add(folded, path);
        return true;
    }

    // One finding is enough for what thousands of files break together.
    private void Refuse(ref bool said, string rule, string problem, string remedy)
    {
        if (!said)
            Add(".", rule, problem, remedy);
        said = true;
    }
}

namespace Mlops.Workflows.Packages;

/// <summary>Reads the files of a folder. Links are followed to files inside the folder only.</summary>
internal static class FolderSource
{
    public static PackageSource Open(string path, WorkflowOptions limits)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var index = new PackageIndex(limits);
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(root)]);
        while (folders.TryPop(out DirectoryInfo? folder))
        {
            foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos().OrderBy(i => i.Name, StringComparer.Ordinal))
            {
                string name = Path.GetRelativePath(root, item.FullName).Replace(Path.DirectorySeparatorChar, '/');
                if (PackagePath.IsIgnored(name))
                    continue;
                if (PackagePath.Check(name) is (var rule, var problem, var remedy))
                    index.Add(name, rule, problem, remedy);
                else if (item.LinkTarget is not null)
                    Link(item, name, root, index);
                else if (item is DirectoryInfo next)
                    folders.Push(next);
                else
                    index.Add(File(item.FullName, name));
            }
        }

        return new PackageSource(index.Files, index.Findings);
    }

    private static void Link(FileSystemInfo item, string name, string root, PackageIndex index)
    {
        // Both are resolved wholly, because any folder on the way may be a link as well.
        string? target = Real(item.FullName);
        string inside = (Real(root) ?? root) + Path.DirectorySeparatorChar;
        if (target is null || !target.StartsWith(inside, StringComparison.Ordinal))
            index.Add(name, "link-outside", $"The link leads to {FindingList.Quote(item.LinkTarget!)}, which is not a file of the package.", "Copy the file into the package.");
        else if (!System.IO.File.Exists(target))
            index.Add(name, "link-folder", "The link leads to a folder.", "Copy the folder into the package.");
        else
            index.Add(File(target, name));
    }

    private static PackageFile File(string path, string name) => new(name, new FileInfo(path).Length, null, () => System.IO.File.OpenRead(path));

    /// <summary>Returns the path without links; <see langword="null"/> when it leads nowhere or in a circle.</summary>
    private static string? Real(string path)
    {
        string real = Path.GetPathRoot(path)!;
        var parts = new Stack<string>(path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (int links = 0; parts.TryPop(out string? part);)
        {
            string next = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (info.LinkTarget is not { } target)
            {
                if (!info.Exists)
                    return null;
                real = next;
                continue;
            }

            if (++links > 40)
                return null;
            string full = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(full)!;
            foreach (string step in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
                parts.Push(step);
        }

        return real;
    }
}

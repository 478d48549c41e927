using System.Buffers;
using System.Collections.Frozen;

namespace Mlops.Workflows.Packages;

/// <summary>Says which paths a package may have: relative, with <c>/</c>, inside the package, and usable on every platform.</summary>
internal static class PackagePath
{
    private const int MaxLength = 200;
    private static readonly SearchValues<char> NotOnWindows = SearchValues.Create("<>\"|?*");

    private static readonly FrozenSet<string> Devices = new[] { "con", "prn", "aux", "nul" }
        .Concat(Enumerable.Range(0, 10).SelectMany(i => new[] { $"com{i}", $"lpt{i}" }))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks a path.</summary>
    /// <returns>Rule, problem and remedy; <see langword="null"/> when the path is good.</returns>
    public static (string Rule, string Problem, string Remedy)? Check(string path)
    {
        const string remedy = "Pack again with relative paths inside the package, separated by '/'.";
        if (path.Length == 0)
            return ("path-empty", "An entry has no name.", remedy);
        if (path.Length > MaxLength)
            return ("path-length", $"The path has {path.Length} characters, more than {MaxLength}.", "Shorten names or nest less.");
        if (path.Any(char.IsControl) || path.Contains('\uFFFD', StringComparison.Ordinal) || !IsUnicode(path))
            return ("path-characters", "The path has control characters or is not UTF-8.", "Use printable names.");
        if (path.Contains('\\', StringComparison.Ordinal))
            return ("path-backslash", "The path has a backslash.", remedy);
        if (path[0] == '/')
            return ("path-absolute", "The path is absolute.", remedy);
        if (path.Contains(':', StringComparison.Ordinal))
            return ("path-drive", "The path has a ':' and names a drive or stream on Windows.", remedy);
        foreach (string part in path.Split('/'))
        {
            if (part is "..")
                return ("path-outside", "The path leads out of the package.", remedy);
            if (part is "" or ".")
                return ("path-parts", "The path has empty parts or '.'.", remedy);
            if (part[^1] is '.' or ' ' || part.AsSpan().ContainsAny(NotOnWindows) || IsDeviceName(part))
                return ("path-portable", $"The name {FindingList.Quote(part)} cannot be used on Windows.", "Rename it.");
        }

        return null;
    }

    /// <summary>Tells whether Windows takes a name for a device.</summary>
    public static bool IsDeviceName(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Devices.Contains((dot < 0 ? name : name[..dot]).TrimEnd());
    }

    /// <summary>Returns what two paths share when a file system without case takes them for the same.</summary>
    public static string Fold(string path) => path.ToUpperInvariant();

    /// <summary>Tells whether a path is left out: caches, version control and what editors and systems leave behind.</summary>
    public static bool IsIgnored(string path)
    {
        string[] parts = path.Split('/');
        string name = parts[^1];
        return parts.Any(p => p is "__pycache__" or ".git" or ".svn" or ".hg" or ".idea" or ".vscode" or ".vs" or ".ipynb_checkpoints"
                or ".pytest_cache" or ".mypy_cache" or ".ruff_cache" or "__MACOSX" or ".DS_Store" or "Thumbs.db" or "desktop.ini")
            || name.EndsWith(".pyc", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".swp", StringComparison.Ordinal)
            || name.EndsWith('~')
            || name.StartsWith(".#", StringComparison.Ordinal);
    }

    private static bool IsUnicode(string path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            if (char.IsHighSurrogate(path[i]) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1]))
                i++;
            else if (char.IsSurrogate(path[i]))
                return false;
        }

        return true;
    }
}

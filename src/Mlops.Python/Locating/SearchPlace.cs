namespace Mlops.Python.Locating;

/// <summary>One place of the search: an executable to run, or the statement that the place holds none.</summary>
internal sealed record SearchPlace(string Name, string Executable)
{
    /// <summary>Arguments that come before ours, for a launcher that selects a version.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Why there is nothing to run; null when there is.</summary>
    public string? Absence { get; init; }

    /// <summary>
    /// The executable with links among its folders resolved (/bin is /usr/bin), so that it runs once. The last step is kept: the
    /// executable of a virtual environment is a link to the one that made it, and yet another interpreter.
    /// </summary>
    public string Identity
    {
        get
        {
            var folder = new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(Executable)) ?? "/");
            var target = folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder;
            return string.Join(' ', [Path.Combine(target.FullName, Path.GetFileName(Executable)), .. Arguments]);
        }
    }

    public static SearchPlace Nothing(string name, string executable, string absence) => new(name, executable) { Absence = absence };
}

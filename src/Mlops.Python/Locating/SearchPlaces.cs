namespace Mlops.Python.Locating;

/// <summary>Lists where an interpreter may be, in the order in which they are tried.</summary>
internal sealed class SearchPlaces(SearchEnvironment environment)
{
    private const string NotThere = "not there";

    private string[] Names => environment.IsWindows ? ["python3.exe", "python.exe"] : ["python3", "python"];

    public IEnumerable<SearchPlace> For(string? executable)
    {
        if (!string.IsNullOrWhiteSpace(executable))
            return Named("setting", executable.Trim());
        if (environment.Variable(PythonLocator.EnvironmentVariable) is { Length: > 0 } variable)
            return Named(PythonLocator.EnvironmentVariable, variable.Trim());
        return
        [
            SearchPlace.Nothing(PythonLocator.EnvironmentVariable, "", "not set"),
            .. VirtualEnvironments(),
            .. OnPath("PATH", Names),
            .. Usual(),
        ];
    }

    /// <summary>An interpreter asked for by name is the only one tried: taking another silently would hide the mistake.</summary>
    private List<SearchPlace> Named(string place, string value)
    {
        var isPath = value.Contains('/', StringComparison.Ordinal) || value.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);
        var path = Path.GetFullPath(value, environment.WorkingDirectory);
        if (!isPath && !File.Exists(path) && !Directory.Exists(path))
        {
            var found = OnPath(place, environment.IsWindows ? [value, value + ".exe"] : [value]).ToList();
            return found.Count > 0 ? found : [SearchPlace.Nothing(place, value, "in no folder of the PATH")];
        }

        return Directory.Exists(path) ? [InEnvironment(place, path)] : [InFile(place, path)];
    }

    private IEnumerable<SearchPlace> VirtualEnvironments()
    {
        var active = environment.Variable("VIRTUAL_ENV");
        yield return string.IsNullOrEmpty(active) ? SearchPlace.Nothing("VIRTUAL_ENV", "", "not set") : InEnvironment("VIRTUAL_ENV", active);
        yield return InEnvironment("local environment", Path.Combine(environment.WorkingDirectory, ".venv"));
    }

    private IEnumerable<SearchPlace> OnPath(string place, string[] names)
        => from folder in (environment.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
           from name in names
           let path = Path.Combine(folder, name)
           where Path.IsPathFullyQualified(path) && IsProgram(path)
           select new SearchPlace(place, path);

    private IEnumerable<SearchPlace> Usual()
    {
        const string place = "usual place";
        if (environment.IsWindows)
            return WindowsPlaces(place);
        string[] folders = environment.Platform == HostPlatform.MacOS
            ? ["/opt/homebrew/bin", "/usr/local/bin", "/Library/Frameworks/Python.framework/Versions/Current/bin", "/usr/bin"]
            : ["/usr/bin", "/usr/local/bin"];
        return folders.Select(folder => InFile(place, Path.Combine(folder, "python3")));
    }

    private IEnumerable<SearchPlace> WindowsPlaces(string place)
    {
        foreach (var launcher in OnPath("py launcher", ["py.exe"]))
            yield return launcher with { Arguments = ["-3"] };

        (string Variable, string Below)[] roots = [("LOCALAPPDATA", "Programs\\Python"), ("ProgramFiles", ""), ("SystemDrive", "\\")];
        foreach (var (variable, below) in roots)
        {
            if (environment.Variable(variable) is not { Length: > 0 } root)
                continue;
            var folder = Path.Combine(root, below);
            var found = Directory.Exists(folder) ? Directory.GetDirectories(folder, "Python3*") : [];
            foreach (var installed in found.OrderByDescending(name => name.Length).ThenByDescending(name => name, StringComparer.Ordinal))
                yield return InFile(place, Path.Combine(installed, "python.exe"));
            if (found.Length == 0)
                yield return SearchPlace.Nothing(place, Path.Combine(folder, "Python3*"), NotThere);
        }
    }

    private SearchPlace InEnvironment(string place, string folder)
    {
        var path = environment.IsWindows ? Path.Combine(folder, "Scripts", "python.exe") : Path.Combine(folder, "bin", "python3");
        return InFile(place, path);
    }

    private static SearchPlace InFile(string place, string path)
        => IsProgram(path) ? new SearchPlace(place, path) : SearchPlace.Nothing(place, path, NotThere);

    /// <summary>Empty files are the Windows store's stand-ins, which open a shop window instead of running.</summary>
    private static bool IsProgram(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && (file.LinkTarget is not null || file.Length > 0);
    }
}

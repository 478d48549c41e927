namespace Mlops.Python.Locating;

/// <summary>Names the one command that most likely makes the search succeed.</summary>
internal static class InstallAdvice
{
    public static string For(
        HostPlatform platform, IReadOnlyList<PythonCandidate> refused, PythonRequirement requirement, string? asked)
    {
        var usable = refused.Where(candidate => candidate.Version >= PythonRequirement.Oldest).ToList();
        var system = usable.FirstOrDefault(candidate => IsSystems(platform, candidate.Executable));
        var isAskedFor = !string.IsNullOrWhiteSpace(asked) || refused.Any(candidate => candidate is { Place: PythonLocator.EnvironmentVariable, Executable.Length: > 0 });
        if (isAskedFor && system is null)
            return ForOther(platform, refused, requirement);

        return platform switch
        {
            HostPlatform.Debian => "sudo apt-get install " + Join(
                system is null ? "python3" : null,
                requirement.Library ? (system is null ? "libpython3-dev" : $"libpython{system.Version!.ToString(2)}") : null,
                requirement.Modules.Select(module => "python3-" + SystemName(module))),
            HostPlatform.Fedora => "sudo dnf install " + Join(
                "python3", requirement.Library ? "python3-libs" : null, requirement.Modules.Select(module => "python3-" + DistributionName(module))),
            HostPlatform.Alpine => "sudo apk add " + Join("python3", null, requirement.Modules.Select(module => "py3-" + DistributionName(module))),
            _ => ForOther(platform, refused, requirement),
        };
    }

    /// <summary>An interpreter that is not the system's gets its modules from pip.</summary>
    private static string ForOther(HostPlatform platform, IReadOnlyList<PythonCandidate> refused, PythonRequirement requirement)
    {
        if (refused.FirstOrDefault(candidate => candidate.Version >= PythonRequirement.Oldest) is not { } best)
        {
            return platform switch
            {
                HostPlatform.Windows => "winget install Python.Python.3.13",
                HostPlatform.MacOS => "brew install python",
                _ => $"install CPython {PythonRequirement.Oldest} or later and set {PythonLocator.EnvironmentVariable} to its path",
            };
        }

        if (best.Reason.Contains("cannot import", StringComparison.Ordinal))
            return $"\"{best.Executable}\" -m pip install {Join(null, null, requirement.Modules.Select(DistributionName))}";
        return best.Executable.Contains("pyenv", StringComparison.Ordinal)
            ? $"PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force {best.Version}"
            : $"install a build of Python {best.Version!.ToString(2)} with its shared library (configure --enable-shared) and set {PythonLocator.EnvironmentVariable} to its path";
    }

    private static bool IsSystems(HostPlatform platform, string executable)
        => platform is HostPlatform.Debian or HostPlatform.Fedora or HostPlatform.Alpine
            && (executable.StartsWith("/usr/bin/", StringComparison.Ordinal) || executable.StartsWith("/bin/", StringComparison.Ordinal));

    private static string Join(string? first, string? second, IEnumerable<string> rest)
        => string.Join(' ', [.. new[] { first, second }.OfType<string>(), .. rest.Distinct(StringComparer.Ordinal)]);

    private static string SystemName(string module) => TopLevel(module) switch
    {
        "PIL" => "pil",
        "cv2" => "opencv",
        var name => name.ToLowerInvariant(),
    };

    private static string DistributionName(string module) => TopLevel(module) switch
    {
        "sklearn" => "scikit-learn",
        "yaml" => "pyyaml",
        "PIL" => "pillow",
        "cv2" => "opencv-python-headless",
        var name => name,
    };

    private static string TopLevel(string module) => module.Split('.')[0];
}

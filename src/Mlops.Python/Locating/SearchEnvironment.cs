namespace Mlops.Python.Locating;

/// <summary>What the search depends on, so that tests can search a made-up machine.</summary>
internal sealed record SearchEnvironment(HostPlatform Platform, string WorkingDirectory, Func<string, string?> Variable)
{
    public bool IsWindows => Platform == HostPlatform.Windows;

    public static SearchEnvironment OfThisProcess()
        => new(DetectPlatform(), Environment.CurrentDirectory, Environment.GetEnvironmentVariable);

    /// <summary>Returns the family that ID and ID_LIKE of an os-release file name.</summary>
    internal static HostPlatform ReadRelease(IEnumerable<string> lines)
    {
        var names = lines
            .Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            .SelectMany(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\'').Split(' '))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Contains("debian") || names.Contains("ubuntu"))
            return HostPlatform.Debian;
        if (names.Contains("fedora") || names.Contains("rhel"))
            return HostPlatform.Fedora;
        return names.Contains("alpine") ? HostPlatform.Alpine : HostPlatform.OtherUnix;
    }

    private static HostPlatform DetectPlatform()
    {
        if (OperatingSystem.IsWindows())
            return HostPlatform.Windows;
        if (OperatingSystem.IsMacOS())
            return HostPlatform.MacOS;
        const string release = "/etc/os-release";
        return File.Exists(release) ? ReadRelease(File.ReadLines(release)) : HostPlatform.OtherUnix;
    }
}

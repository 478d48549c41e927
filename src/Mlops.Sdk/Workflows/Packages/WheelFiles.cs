using System.Text.RegularExpressions;

namespace Mlops.Workflows.Packages;

/// <summary>Holds the wheels of a staged package against the rules for archives. They are the only archives in it that are ever unpacked.</summary>
internal static partial class WheelFiles
{
    private const string Folder = "wheels/";

    /// <summary>Checks names and content; whether a wheel suits this machine is asked where the interpreter is known.</summary>
    public static void Check(StagedPackage package, WorkflowOptions limits, List<Finding> findings)
    {
        long files = 0, bytes = 0;
        foreach (string path in package.Files.Where(f => f.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (!WheelName().IsMatch(path[Folder.Length..]))
            {
                findings.Add(new Finding(path, null, "wheel-name", "This is not the name of a wheel.", "Keep only wheels in wheels/, named as 'pip download' or 'pip wheel' leave them."));
                continue;
            }

            using PackageSource wheel = PackageSource.Open(Path.Combine(package.Folder, path), limits);
            findings.AddRange(wheel.Findings.Select(f => f with { File = f.File == "." ? path : $"{path}!{f.File}" }));
            files += wheel.Files.Count;
            bytes += wheel.Files.Sum(f => f.Length);
        }

        if (files > limits.MaxFiles)
            findings.Add(new Finding(Folder, null, "package-files", $"The wheels have {files} files together, more than {limits.MaxFiles}.", "Leave out what the node has already, or raise Mlops:Workflows:MaxFiles."));
        if (bytes > limits.MaxTotalBytes)
            findings.Add(new Finding(Folder, null, "package-size", $"The wheels have {bytes} bytes unpacked, more than {limits.MaxTotalBytes}.", "Leave out what the node has already, or raise Mlops:Workflows:MaxTotalBytes."));
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.]+-[A-Za-z0-9_.!+]+(-[0-9][A-Za-z0-9_.]*)?-[A-Za-z0-9_.]+-[A-Za-z0-9_.]+-[A-Za-z0-9_.]+\.whl\z", RegexOptions.CultureInvariant)]
    private static partial Regex WheelName();
}

using System.Text;
using Mlops.Workflows.Manifests;

namespace Mlops.Workflows.Packages;

/// <summary>Checks what is in a staged package: manifest, required files, golden cases, sample data. Nothing of it runs.</summary>
internal static class PackageContent
{
    private const string PythonFile = "workflow.py";

    /// <summary>Checks.</summary>
    /// <returns>The manifest; <see langword="null"/> when there are findings.</returns>
    public static WorkflowManifest? Check(StagedPackage package, List<Finding> findings)
    {
        int before = findings.Count;
        WorkflowManifest? manifest = package.Files.Contains(ManifestReader.FileName) ? ReadManifest(package, findings) : null;
        if (!package.Files.Contains(ManifestReader.FileName))
            findings.Add(new Finding(ManifestReader.FileName, null, "required-file", "The package has no manifest.", WhereManifestMayBe(package)));

        // Without a readable manifest the usual runtime is assumed, so that both missing files are told at once.
        if (manifest?.Runtime is null or "python" && !package.Files.Contains(PythonFile) && WhereFolderMayBe(package) is null)
            findings.Add(new Finding(PythonFile, null, "required-file", "The package has no code.", $"Write {PythonFile} with train(data, params, run) and predict(model, batch)."));
        if (manifest is null)
            return null;

        manifest = manifest with
        {
            Golden = manifest.Golden ?? (package.Files.Contains(GoldenFile.DefaultName) ? GoldenFile.DefaultName : null),
            Sample = manifest.Sample ?? (package.Files.Contains(SampleFile.DefaultName) ? SampleFile.DefaultName : null),
        };
        Table(package, manifest.Golden, "golden", "golden cases", findings, (file, found) => GoldenFile.Read(package.Folder, file, manifest, found));
        Table(package, manifest.Sample, "sample", "sample data", findings, (file, found) => SampleFile.Read(package.Folder, file, manifest, found));
        return findings.Count == before ? manifest : null;
    }

    private static void Table(StagedPackage package, string? file, string key, string what, List<Finding> findings, Action<string, FindingList> read)
    {
        if (file is not null && !package.Files.Contains(file))
        {
            findings.Add(new Finding(file, null, "required-file", $"The manifest names this file as {what}, but the package does not have it.", $"Add it, or remove '{key}' from the manifest."));
        }
        else if (file is not null)
        {
            var found = new FindingList(file);
            read(file, found);
            findings.AddRange(found.All);
        }
    }

    private static WorkflowManifest? ReadManifest(StagedPackage package, List<Finding> findings)
    {
        string path = Path.Combine(package.Folder, ManifestReader.FileName);
        if (new FileInfo(path).Length > YamlTree.MaxLength)
        {
            findings.Add(new Finding(ManifestReader.FileName, null, "yaml-size", $"The file has more than {YamlTree.MaxLength} bytes.", "Shorten it; data belongs into other files of the package."));
            return null;
        }

        try
        {
            ManifestReading reading = ManifestReader.Read(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF'));
            findings.AddRange(reading.Findings);
            return reading.Manifest;
        }
        catch (DecoderFallbackException)
        {
            findings.Add(new Finding(ManifestReader.FileName, null, "yaml-encoding", "The file is not UTF-8.", "Save it as UTF-8."));
            return null;
        }
    }

    private static string WhereManifestMayBe(StagedPackage package)
    {
        if (package.Files.FirstOrDefault(f => f is "workflow.yml" || string.Equals(f, ManifestReader.FileName, StringComparison.OrdinalIgnoreCase)) is { } other)
            return $"Rename '{other}' to {ManifestReader.FileName}.";
        return WhereFolderMayBe(package) is { } folder
            ? $"It is in '{folder}': pack the content of that folder, not the folder."
            : $"Write {ManifestReader.FileName} with at least name, version, runtime, inputs and output.";
    }

    private static string? WhereFolderMayBe(StagedPackage package) => package.Files.Contains(ManifestReader.FileName) ? null
        : package.Files.Where(f => f.EndsWith($"/{ManifestReader.FileName}", StringComparison.Ordinal)).Select(f => f[..^(ManifestReader.FileName.Length + 1)]).Order(StringComparer.Ordinal).FirstOrDefault();
}

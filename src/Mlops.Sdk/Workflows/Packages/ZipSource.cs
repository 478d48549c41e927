using System.IO.Compression;

namespace Mlops.Workflows.Packages;

/// <summary>Reads the directory of a zip file and holds every entry against the rules before anything is extracted.</summary>
internal static class ZipSource
{
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int SymbolicLink = 0xA000;
    private const int DosReparsePoint = 0x400;

    // Small files of blanks compress a thousandfold and harm nobody.
    private const long RatioMatters = 1024 * 1024;

    public static PackageSource Open(string path, WorkflowOptions limits)
    {
        var index = new PackageIndex(limits);
        FileStream file = File.OpenRead(path);
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(file, ZipArchiveMode.Read);

            // The list of entries is bounded by the file; a directory of many more entries than we take is not worth walking.
            foreach (ZipArchiveEntry entry in archive.Entries.Take((limits.MaxFiles * 2) + 1))
                Check(entry, index, limits);
            if (archive.Entries.Count > (limits.MaxFiles * 2) + 1)
                index.Add(".", "package-files", $"The archive has {archive.Entries.Count} entries.", $"Leave out what it does not need; {limits.MaxFiles} files are allowed.");
            return new PackageSource(index.Files, index.Findings, archive);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException or OverflowException)
        {
            (archive as IDisposable ?? file).Dispose();
            index.Add(".", "zip-damaged", $"This is not a zip file that can be read: {e.Message}", "Pack it again, with 'python -m mlops pack' or any zip tool.");
            return new PackageSource([], index.Findings);
        }
        catch
        {
            (archive as IDisposable ?? file).Dispose();
            throw;
        }
    }

    private static void Check(ZipArchiveEntry entry, PackageIndex index, WorkflowOptions limits)
    {
        bool isFolder = entry.FullName.EndsWith('/');
        string path = isFolder ? entry.FullName[..^1] : entry.FullName;
        if (PackagePath.Check(path) is (var rule, var problem, var remedy))
        {
            index.Add(entry.FullName, rule, problem, remedy);
            return;
        }

        if (PackagePath.IsIgnored(path))
            return;
        int type = (entry.ExternalAttributes >> 16) & FileTypeMask;
        if (type == SymbolicLink || (entry.ExternalAttributes & DosReparsePoint) != 0)
            index.Add(path, "zip-link", "The entry is a link.", "Pack the file itself.");
        else if (type is not (0 or RegularFile or Folder) || (type == Folder && !isFolder))
            index.Add(path, "zip-device", "The entry is neither a file nor a folder.", "Leave it out.");
        else if (entry.IsEncrypted)
            index.Add(path, "zip-encrypted", "The entry is encrypted.", "Pack without a password.");
        else if (isFolder && entry.Length > 0)
            index.Add(entry.FullName, "zip-damaged", "The entry is named as a folder and has content.", "Pack it again.");
        else if (entry.Length > RatioMatters && entry.Length / Math.Max(1, entry.CompressedLength) > limits.MaxRatio)
            index.Add(path, "zip-ratio", $"The entry unpacks to {entry.Length / Math.Max(1, entry.CompressedLength)} times its size, more than {limits.MaxRatio}.", "Leave it out, or raise Mlops:Workflows:MaxRatio.");
        else if (!isFolder)
            index.Add(new PackageFile(path, entry.Length, entry.Crc32, entry.Open));
    }
}

using System.Security.Cryptography;

namespace Mlops.Workflows.Packages;

/// <summary>Copies the files of a package into a temporary folder; never more of one than it announced.</summary>
internal static class PackageStaging
{
    /// <summary>Copies all files.</summary>
    /// <param name="source">The package; it has no findings.</param>
    /// <param name="folder">The folder, which is made; it is removed again when something fails.</param>
    /// <param name="findings">Takes files that are damaged.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static StagedPackage Copy(PackageSource source, string folder, List<Finding> findings, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var digests = new List<(string Path, string Sha256)>(source.Files.Count);
            var buffer = new byte[128 * 1024];
            foreach (PackageFile file in source.Files)
            {
                try
                {
                    digests.Add((file.Path, Copy(file, Path.Combine(folder, file.Path), buffer, cancellationToken)));
                }
                catch (InvalidDataException e)
                {
                    findings.Add(new Finding(file.Path, null, "file-damaged", e.Message, "Pack the package again; the copy may be incomplete."));
                }
            }

            return new StagedPackage(folder, FileDigests.Combine(digests), digests.ToDictionary(d => d.Path, d => d.Sha256, StringComparer.Ordinal));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static string Copy(PackageFile file, string path, byte[] buffer, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var crc = new Crc32();
        long length = 0;
        using Stream from = file.Open();
        using var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int read; (read = from.Read(buffer)) > 0; length += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (length + read > file.Length)
                throw new InvalidDataException($"The content is longer than the {file.Length} bytes that were announced.");
            hash.AppendData(buffer, 0, read);
            crc.Append(buffer.AsSpan(0, read));
            to.Write(buffer, 0, read);
        }

        if (length != file.Length)
            throw new InvalidDataException($"The content has {length} bytes where {file.Length} were announced.");
        if (file.Crc is { } announced && announced != crc.Value)
            throw new InvalidDataException($"The checksum is {crc.Value:x8} where {announced:x8} was announced.");
        to.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

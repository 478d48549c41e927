using System.Security.Cryptography;
using System.Text;

namespace Mlops.Workflows.Packages;

/// <summary>
/// The digest of a set of files: SHA-256 over one line a file, <c>sha256 in hex, two blanks, path, line feed</c>, ordered by
/// the UTF-8 bytes of the paths. That is what <c>sha256sum</c> prints, so anybody can check it.
/// </summary>
internal static class FileDigests
{
    /// <summary>The signature signs the digest, so it cannot be part of it.</summary>
    public const string SignatureFile = "SIGNATURE";

    /// <summary>Returns the digest.</summary>
    public static string Combine(IEnumerable<(string Path, string Sha256)> files) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Listing(files))));

    /// <summary>Returns the lines that the digest is over.</summary>
    public static string Listing(IEnumerable<(string Path, string Sha256)> files)
    {
        var lines = new StringBuilder();
        foreach ((byte[] _, string path, string sha256) in files
            .Where(f => f.Path != SignatureFile)
            .Select(f => (Bytes: Encoding.UTF8.GetBytes(f.Path), f.Path, f.Sha256))
            .OrderBy(f => f.Bytes, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))))
            lines.Append(sha256).Append("  ").Append(path).Append('\n');
        return lines.ToString();
    }

    /// <summary>Reads all files below a folder.</summary>
    /// <returns>The digest and the number of files.</returns>
    public static (string Digest, int Files) OfFolder(string folder)
    {
        var files = new List<(string, string)>();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using FileStream stream = File.OpenRead(file);
            files.Add((Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'), Convert.ToHexStringLower(SHA256.HashData(stream))));
        }

        return (Combine(files), files.Count);
    }
}

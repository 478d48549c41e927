using System.IO.Compression;
using System.Security.Cryptography;

namespace Mlops.Runtime;

/// <summary>The Python side, embedded in this assembly, as a zip that interpreters import from.</summary>
internal static class RuntimeArchive
{
    private const string Prefix = "python/";
    private static readonly Lazy<byte[]> s_content = new(Pack);

    /// <summary>Writes the archive into a folder unless it is there, and returns its path.</summary>
    public static string Ensure(string folder)
    {
        byte[] content = s_content.Value;
        string path = Path.Combine(folder, $"mlops-{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}.zip");
        if (File.Exists(path) && new FileInfo(path).Length == content.Length)
            return path;
        Directory.CreateDirectory(folder);
        string partial = Path.Combine(folder, $".{Path.GetRandomFileName()}");
        File.WriteAllBytes(partial, content);
        File.Move(partial, path, overwrite: true);
        return path;
    }

    /// <summary>Stored, not deflated: importing needs no zlib then. The same sources give the same bytes.</summary>
    private static byte[] Pack()
    {
        var assembly = typeof(RuntimeArchive).Assembly;
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                ZipArchiveEntry entry = archive.CreateEntry(name[Prefix.Length..].Replace('\\', '/'), CompressionLevel.NoCompression);
                entry.LastWriteTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream source = assembly.GetManifestResourceStream(name)!;
                using Stream target = entry.Open();
                source.CopyTo(target);
            }
        }

        return packed.ToArray();
    }
}

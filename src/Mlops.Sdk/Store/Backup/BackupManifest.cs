using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Store.Backup;

/// <summary>The list of a backup's files, <c>backup.json</c>. It is written last: without it there is no backup.</summary>
internal sealed record BackupManifest(int Format, DateTimeOffset Created, IReadOnlyList<BackupFile> Files)
{
    public const string Name = "backup.json";
    public const string Database = "mlops.db";
    public const int CurrentFormat = 1;

    /// <summary>The folders below the data folder that belong to what the catalog knows.</summary>
    public static readonly IReadOnlyList<string> Folders = ["feeds", "blobs", "workflows", "models"];

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, BackupManifestContext.Default.BackupManifest);

    /// <exception cref="InvalidDataException">It is none, or of a newer version.</exception>
    public static BackupManifest Read(Stream stream, string path)
    {
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(stream, BackupManifestContext.Default.BackupManifest);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no sound backup: {Name} cannot be read. Use another backup.", e);
        }

        if (manifest?.Files is null || manifest.Format != CurrentFormat)
            throw new InvalidDataException($"'{path}' has the backup format {manifest?.Format}; this version knows {CurrentFormat}. Restore it with the version that made it.");
        if (manifest.Files.FirstOrDefault(f => !IsOurs(f.Path)) is { } strange)
            throw new InvalidDataException($"'{path}' is no sound backup: it names the file '{strange.Path}', which is no part of a data folder. Use another backup.");
        if (manifest.Files.All(f => f.Path != Database))
            throw new InvalidDataException($"'{path}' is no sound backup: it has no {Database}. Use another backup.");
        return manifest;
    }

    // What a manifest names is written below the data folder, so it must not lead out of it.
    private static bool IsOurs(string path) => path == Database
        || (path.Split('/') is [var folder, .. { Length: > 0 } rest] && Folders.Contains(folder)
            && rest.All(part => part.Length > 0 && part is not ("." or "..") && !part.Contains('\\', StringComparison.Ordinal)));
}

/// <summary>A file of a backup.</summary>
/// <param name="Path">Its path below the data folder, with forward slashes.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Sha256">SHA-256 of its content, hexadecimal.</param>
internal sealed record BackupFile(string Path, long Size, string Sha256);

/// <summary>Serialises <see cref="BackupManifest"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupManifestContext : JsonSerializerContext;

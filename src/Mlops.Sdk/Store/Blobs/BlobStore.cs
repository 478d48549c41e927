using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Mlops.Store.Segments;

namespace Mlops.Store.Blobs;

/// <summary>
/// Files <c>blobs/&lt;first two digits&gt;/&lt;hash&gt;</c> below the data folder. A file is written under another name, flushed and
/// renamed, so one under its hash is always whole. Its time says when it was last stored.
/// </summary>
internal sealed class BlobStore(NodeDatabase database, IOptions<StoreOptions> options, TimeProvider time) : IBlobStore, IDisposable
{
    private const string Unfinished = ".tmp-";
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private readonly long _maximum = options.Value.Blobs.MaximumBytes.Bytes;
    private readonly Lock _lock = new();

    /// <summary>Gets the folder of all blobs.</summary>
    public string Folder { get; } = Path.Combine(database.Folder, "blobs");

    /// <summary>Gets the gate for whoever deletes blobs or needs that none is deleted.</summary>
    public SemaphoreSlim Sweeping { get; } = new(1, 1);

    public Task<BlobReference> PutAsync(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken = default)
    {
        CheckType(mediaType);
        if (content.Length > _maximum)
            throw TooLarge(content.Length);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.Run(
            () =>
            {
                var reference = new BlobReference(Convert.ToHexStringLower(SHA256.HashData(content.Span)), content.Length, mediaType);
                if (TryTouch(reference))
                    return reference;
                string path = NewPath();
                try
                {
                    using (Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, preallocationSize: content.Length))
                    {
                        RandomAccess.Write(file, content.Span, 0);
                        RandomAccess.FlushToDisk(file);
                    }

                    Place(path, reference);
                    return reference;
                }
                finally
                {
                    File.Delete(path);
                }
            },
            cancellationToken);
    }

    public async Task<BlobReference> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        CheckType(mediaType);
        string path = NewPath();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            using (Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                for (int read; (read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; size += read)
                {
                    if (size + read > _maximum)
                        throw TooLarge(size + read);
                    hash.AppendData(buffer, 0, read);
                    await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), size, cancellationToken).ConfigureAwait(false);
                }

                RandomAccess.FlushToDisk(file);
            }

            var reference = new BlobReference(Convert.ToHexStringLower(hash.GetHashAndReset()), size, mediaType);
            if (!TryTouch(reference))
                Place(path, reference);
            return reference;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            File.Delete(path);
        }
    }

    public Stream? Open(BlobReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Hash.Length != 64 || reference.Hash.AsSpan().ContainsAnyExcept(Digits))
            throw new ArgumentException($"'{reference.Hash}' is no SHA-256 in 64 lower-case hexadecimal digits.", nameof(reference));
        try
        {
            var file = new FileStream(PathOf(reference.Hash), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.Length == reference.Size)
                return file;
            long length = file.Length;
            file.Dispose();
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"Blob '{reference.Hash}' has {length} bytes and should have {reference.Size}. Restore it from a backup."));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lists the hashes of blobs that were last stored before a time, and deletes what interrupted writes left.</summary>
    public HashSet<string> StoredBefore(DateTimeOffset limit)
    {
        var old = new HashSet<string>(StringComparer.Ordinal);
        if (!Directory.Exists(Folder))
            return old;
        foreach (FileInfo file in new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (file.LastWriteTimeUtc >= limit)
                continue;
            if (file.Name.StartsWith(Unfinished, StringComparison.Ordinal))
                file.Delete();
            else
                old.Add(file.Name);
        }

        return old;
    }

    /// <summary>Deletes a blob unless it was stored again meanwhile.</summary>
    /// <returns>How many bytes that freed; <see langword="null"/> when it stays.</returns>
    public long? Delete(string hash, DateTimeOffset storedBefore)
    {
        lock (_lock)
        {
            var file = new FileInfo(PathOf(hash));
            if (!file.Exists || file.LastWriteTimeUtc >= storedBefore)
                return null;
            long size = file.Length;
            file.Delete();
            return size;
        }
    }

    public void Dispose() => Sweeping.Dispose();

    private string PathOf(string hash) => Path.Combine(Folder, hash[..2], hash);

    private string NewPath()
    {
        if (!Directory.Exists(Folder))
        {
            Directory.CreateDirectory(Folder);
            FolderSync.Folder(database.Folder);
        }

        return Path.Combine(Folder, $"{Unfinished}{Guid.NewGuid():N}");
    }

    private bool TryTouch(BlobReference reference)
    {
        lock (_lock)
        {
            var file = new FileInfo(PathOf(reference.Hash));
            if (!file.Exists || file.Length != reference.Size)
                return false;
            file.LastWriteTimeUtc = time.GetUtcNow().UtcDateTime;
            return true;
        }
    }

    private void Place(string path, BlobReference reference)
    {
        string target = PathOf(reference.Hash), folder = Path.GetDirectoryName(target)!;
        lock (_lock)
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                FolderSync.Folder(Folder);
            }

            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            File.Move(path, target, overwrite: true);

            // Within the lock: who finds the file there may rely on its name.
            FolderSync.Folder(folder);
        }

        StoreInstruments.Blobs.Add(1);
    }

    private ArgumentException TooLarge(long size) => new(string.Create(
        CultureInfo.InvariantCulture, $"A blob of {size} bytes or more is larger than Mlops:Store:Blobs:MaximumBytes ({_maximum}) allows. Raise it, or store less in one blob."));

    private static void CheckType(string mediaType)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        if (!mediaType.Contains('/', StringComparison.Ordinal) || mediaType.Any(char.IsControl) || mediaType.Contains(';', StringComparison.Ordinal))
            throw new ArgumentException($"'{mediaType}' is no media type. Give type and subtype without parameters, for example image/png.", nameof(mediaType));
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Store.Segments;

namespace Mlops.Drivers.Catalog;

/// <summary>
/// Protects the secrets of this node with AES-256-GCM under a key of its own, <c>keys/node.key</c> in the data folder, which only
/// the node's account may read. A copy of the database alone gives no secret away. Thread-safe.
/// </summary>
internal sealed class NodeKey(IOptions<MlopsOptions> options)
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly Lock _lock = new();
    private byte[]? _key;

    public string Path { get; } = System.IO.Path.Combine(options.Value.FullDataFolder, "keys", "node.key");

    /// <summary>Protects a text; it can only be revealed for the same purpose.</summary>
    /// <exception cref="IOException">The key file can neither be read nor written.</exception>
    public string Protect(string purpose, string text)
    {
        byte[] plain = Encoding.UTF8.GetBytes(text);
        byte[] kept = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(kept.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Key(), TagBytes);
        aes.Encrypt(kept.AsSpan(0, NonceBytes), plain, kept.AsSpan(NonceBytes + TagBytes), kept.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
        return Convert.ToBase64String(kept);
    }

    /// <exception cref="CryptographicException">It was protected with another key or for another purpose, or was altered.</exception>
    /// <exception cref="IOException">The key file can neither be read nor written.</exception>
    public string Reveal(string purpose, string kept)
    {
        byte[] bytes = new byte[kept.Length];
        if (!Convert.TryFromBase64String(kept, bytes, out int length) || length < NonceBytes + TagBytes)
            throw new CryptographicException("It is not a protected text.");
        byte[] plain = new byte[length - NonceBytes - TagBytes];
        using var aes = new AesGcm(Key(), TagBytes);
        aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes + TagBytes, plain.Length), bytes.AsSpan(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(purpose));
        return Encoding.UTF8.GetString(plain);
    }

    private byte[] Key()
    {
        lock (_lock)
            return _key ??= File.Exists(Path) ? Read() : Create();
    }

    private byte[] Read()
    {
        byte[] key = File.ReadAllBytes(Path);
        return key.Length == KeyBytes ? key : throw new IOException($"The key of this node, '{Path}', has {key.Length} bytes instead of {KeyBytes}. Restore it from a backup, or remove it and set the secrets of all assets again.");
    }

    private byte[] Create()
    {
        byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Whole or not at all: a crash in between must not leave half a key.
        string draft = Path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, file))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, Path);
        FolderSync.Folder(folder);
        FolderSync.Folder(System.IO.Path.GetDirectoryName(folder)!);
        return key;
    }
}

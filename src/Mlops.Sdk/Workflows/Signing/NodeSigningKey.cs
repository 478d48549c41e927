using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Store.Segments;

namespace Mlops.Workflows.Signing;

/// <summary>
/// The key with which this node vouches for its models: <c>keys/signing.key</c> in the data folder, ECDSA P-256, made when it is first
/// needed. Its public part lies beside it as <c>NODE.pub</c>, for nodes that are to trust this one. Thread-safe.
/// </summary>
internal sealed class NodeSigningKey(IOptions<MlopsOptions> options) : IDisposable
{
    private const int MaxName = 100;
    private readonly Lock _lock = new();
    private readonly string _folder = Path.Combine(options.Value.FullDataFolder, "keys");
    private ECDsa? _key;

    /// <summary>Gets the name of the key: the node's, with <c>-</c> for what the name of a key may not have.</summary>
    public string Name { get; } = NameOf(options.Value.Node.Name);

    /// <summary>Signs files, or what stands for them.</summary>
    /// <returns>The text of a signature, see <see cref="PackageSignature"/>.</returns>
    /// <exception cref="IOException">The key can neither be read nor made.</exception>
    public string Sign(IEnumerable<(string Path, string Sha256)> files)
    {
        lock (_lock)
            return PackageSignature.Create(Name, Key(), files);
    }

    /// <summary>Tells whether this node has made a signature.</summary>
    /// <exception cref="IOException">The key can neither be read nor made.</exception>
    public bool HasSigned(PackageSignature signature)
    {
        lock (_lock)
            return signature.IsBy(Key());
    }

    /// <summary>Returns the public part for the caller to dispose.</summary>
    /// <exception cref="IOException">The key can neither be read nor made.</exception>
    public ECDsa Public()
    {
        lock (_lock)
            return ECDsa.Create(Key().ExportParameters(includePrivateParameters: false));
    }

    public void Dispose() => _key?.Dispose();

    private static string NameOf(string node)
    {
        string name = new([.. node.Take(MaxName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '@' or '-' ? c : '-')]);
        return name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) ? name : $"node{name}"[..Math.Min(MaxName, name.Length + 4)];
    }

    private ECDsa Key()
    {
        if (_key is not null)
            return _key;
        string path = Path.Combine(_folder, "signing.key");
        ECDsa key = File.Exists(path) ? Read(path) : Create(path);
        string publicPath = Path.Combine(_folder, $"{Name}.pub");
        if (!File.Exists(publicPath))
            Write(publicPath, key.ExportSubjectPublicKeyInfoPem());
        return _key = key;
    }

    private static ECDsa Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new IOException($"The signing key of this node, '{path}', cannot be read: {e.Message} Restore it from a backup; or remove it, and import or train its models again.", e);
        }
    }

    private ECDsa Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(path, key.ExportPkcs8PrivateKeyPem());
        FolderSync.Folder(Path.GetDirectoryName(_folder)!);
        return key;
    }

    // Whole or not at all: a crash in between must not leave half a key.
    private void Write(string path, string pem)
    {
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, file))
        {
            stream.Write(Encoding.ASCII.GetBytes(pem + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
        FolderSync.Folder(_folder);
    }
}

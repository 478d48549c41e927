using System.Security.Cryptography;

namespace Mlops.Workflows.Signing;

/// <summary>The public keys whose signatures this node trusts, by name; read each time, so that a key can be added or taken away while the node runs.</summary>
internal sealed class TrustedKeys(WorkflowOptions options, string dataFolder, NodeSigningKey? own = null)
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int MaxLength = 64 * 1024;

    /// <summary>Gets the names of all keys, sorted.</summary>
    public IReadOnlyList<string> Names => [.. options.TrustedKeys.Keys.Concat(Files().Keys).Concat(own is null ? [] : [own.Name]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private string Folder => Path.GetFullPath(options.TrustedKeysFolder, dataFolder);

    /// <summary>Returns a key for the caller to dispose; <see langword="null"/> when there is none of that name.</summary>
    /// <exception cref="WorkflowException">It cannot be read or is no key of P-256.</exception>
    public ECDsa? Find(string name)
    {
        string? place = options.TrustedKeys.TryGetValue(name, out string? given) ? given : Files().GetValueOrDefault(name);
        if (place is null)
            return own?.Name == name ? own.Public() : null;
        ECDsa key = ECDsa.Create();
        try
        {
            string pem = place.Contains("-----BEGIN", StringComparison.Ordinal) ? place : Read(Path.GetFullPath(place, dataFolder));
            key.ImportFromPem(pem);
            return key.ExportParameters(false).Curve.Oid.Value == P256 ? key : throw new CryptographicException("it is of another curve than P-256.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new WorkflowException($"The trusted key '{name}' cannot be used: {e.Message} Give a public key of P-256 in PEM, as 'python -m mlops keygen' writes it (Mlops:Workflows:TrustedKeys, or a file in {Folder}).", innerException: e);
        }
    }

    private static string Read(string path) => new FileInfo(path).Length <= MaxLength ? File.ReadAllText(path) : throw new IOException($"'{path}' is longer than {MaxLength} bytes.");

    private Dictionary<string, string> Files() => !Directory.Exists(Folder) ? [] : Directory.EnumerateFiles(Folder)
        .Where(f => Path.GetExtension(f) is ".pub" or ".pem")
        .Order(StringComparer.Ordinal)
        .DistinctBy(f => Path.GetFileNameWithoutExtension(f)!)
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f)!, StringComparer.Ordinal);
}

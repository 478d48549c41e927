using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt.Transport.Tls;

/// <summary>Reads certificates from PEM and PFX files. Errors name the file and the setting, never what is in it.</summary>
internal static class CertificateFiles
{
    /// <summary>Reads a certificate with its private key, first, and the authorities that come with it.</summary>
    /// <exception cref="IOException">A file cannot be read or used.</exception>
    public static X509Certificate2Collection ReadWithKey(string file, string? keyFile, string? password)
    {
        try
        {
            return IsPem(file) ? ReadPem(file, keyFile ?? file, password) : ReadPfx(file, password);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            string remedy = password is null
                ? "It must hold a certificate, and it or KeyFile the private key; a locked one needs KeyPassword"
                : "Check KeyPassword, and that the private key belongs to the certificate";
            throw new IOException($"the certificate in '{file}'{(keyFile is null ? "" : $" with the key in '{keyFile}'")} cannot be used. {remedy}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(nameof(MqttListenerTlsOptions.CertificateFile), file, error);
        }
    }

    /// <summary>Reads the authorities that are trusted.</summary>
    /// <exception cref="IOException">The file cannot be read or holds none.</exception>
    public static X509Certificate2Collection ReadAuthorities(string setting, string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (CryptographicException error)
        {
            throw new IOException($"'{file}' holds a certificate that cannot be read. Set {setting} to a PEM file with certificates of authorities", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(setting, file, error);
        }

        return authorities.Count > 0
            ? authorities
            : throw new IOException($"'{file}' holds no certificate. Set {setting} to a PEM file with certificates of authorities");
    }

    private static IOException Unreadable(string setting, string file, Exception error) => new(
        error is FileNotFoundException or DirectoryNotFoundException
            ? $"the file '{file}' does not exist. Correct {setting}"
            : $"the file '{file}' cannot be read ({error.Message}). Correct {setting} or the rights of the file",
        error);

    private static bool IsPem(string file) => File.ReadAllBytes(file).AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static X509Certificate2Collection ReadPem(string file, string keyFile, string? password)
    {
        // Shows first which file is missing.
        if (keyFile != file)
            File.OpenRead(keyFile).Dispose();
        var own = password is null
            ? X509Certificate2.CreateFromPemFile(file, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        chain[0].Dispose();
        chain[0] = OperatingSystem.IsWindows() ? Stored(own) : own;
        return chain;
    }

    // Schannel cannot use a key that was never in a key store.
    private static X509Certificate2 Stored(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2Collection ReadPfx(string file, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password);
        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("There is no private key.");
        all.Remove(own);
        all.Insert(0, own);
        return all;
    }
}

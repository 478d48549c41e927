using System.Globalization;
using System.Security.Cryptography;

namespace Mlops.Mqtt.Broker.Access;

/// <summary>The parts of a hashed password in the format of <c>mosquitto_passwd</c>: <c>$7$iterations$salt$hash</c>, PBKDF2 with SHA-512.</summary>
internal sealed record PasswordHash(int Iterations, byte[] Salt, byte[] Hash)
{
    private const string Prefix = "$7$";
    private const int MaxIterations = 10_000_000;
    private const int MaxSize = 64;

    public static bool Looks(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    public static PasswordHash? Parse(string text)
    {
        if (!Looks(text) || text[Prefix.Length..].Split('$') is not [var iterations, var salt, var hash])
            return null;
        var saltBytes = Decode(salt);
        var hashBytes = Decode(hash);
        return int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is > 0 and <= MaxIterations && saltBytes is { Length: > 0 } && hashBytes is { Length: > 0 }
            ? new PasswordHash(count, saltBytes, hashBytes)
            : null;
    }

    public static PasswordHash Of(ReadOnlySpan<byte> password, int iterations, byte[] salt) =>
        new(iterations, salt, Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, MaxSize));

    public bool Verify(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(
        Hash, Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, HashAlgorithmName.SHA512, Hash.Length));

    public override string ToString() =>
        $"{Prefix}{Iterations.ToString(CultureInfo.InvariantCulture)}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}";

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[MaxSize];
        return Convert.TryFromBase64String(text, bytes, out int size) ? bytes[..size] : null;
    }
}

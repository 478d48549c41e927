using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Web.Security;

/// <summary>Makes random secrets and compares them without telling by time how much was right.</summary>
internal static class Secrets
{
    /// <summary>Returns 256 random bits as text for URLs and headers.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Returns the hash under which a random secret is kept; for passwords, which are not random, see <see cref="Users"/>.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool AreEqual(string a, string b) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(a)), SHA256.HashData(Encoding.UTF8.GetBytes(b)));
}

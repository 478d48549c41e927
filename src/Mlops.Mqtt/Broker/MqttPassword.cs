using System.Security.Cryptography;
using System.Text;
using Mlops.Mqtt.Broker.Access;

namespace Mlops.Mqtt;

/// <summary>Makes hashes of passwords for <see cref="MqttBrokerOptions.Users"/> and <see cref="MqttBrokerOptions.UsersFile"/>.</summary>
public static class MqttPassword
{
    /// <summary>How often the hash is repeated, so that trying out stolen hashes is slow: about 0.1 s of a processor for each check.</summary>
    internal const int Iterations = 210_000;
    private const int SaltSize = 16;

    /// <summary>Hashes a password with PBKDF2 and SHA-512, in the format of <c>mosquitto_passwd</c>.</summary>
    /// <param name="password">The password.</param>
    /// <returns>The hash with its random salt; another one at each call.</returns>
    public static string Hash(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return PasswordHash.Of(Encoding.UTF8.GetBytes(password), Iterations, RandomNumberGenerator.GetBytes(SaltSize)).ToString();
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker.Access;

/// <summary>The users of a broker, from the options and from a file that is read again when it changes.</summary>
internal sealed class UserTable
{
    private const int MaxRemembered = 10_000;

    /// <summary>What an unknown user's password is compared with, so that the time tells nothing about which names exist.</summary>
    private readonly PasswordHash nobody = new(MqttPassword.Iterations, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(64));

    private readonly IDictionary<string, string> fromOptions;
    private readonly FileBacked<Dictionary<string, string>>? fromFile;
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, (string Stored, byte[] Seal)> verified = new(StringComparer.Ordinal);

    // Hashing is slow on purpose; clients that try passwords must not take all processors of the process for it.
    private static readonly SemaphoreSlim Hashing = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int hashes;

    /// <exception cref="IOException">The file cannot be read or used.</exception>
    public UserTable(MqttBrokerOptions options, ILogger logger, TimeProvider time)
    {
        fromOptions = options.Users;
        if (options.UsersFile is not { } file)
            return;
        fromFile = new FileBacked<Dictionary<string, string>>([file], () => UsersFile.Read(file), error =>
        {
            if (error is null)
                Log.UsersChanged(logger, file);
            else
                Log.UsersUnusable(logger, error.Message);
        }, time);
    }

    /// <summary>How often a password was hashed.</summary>
    public int Hashes => Volatile.Read(ref hashes);

    public bool IsEmpty => fromOptions.Count == 0 && (fromFile is null || fromFile.Value.Count == 0);

    public async ValueTask<bool> VerifyAsync(string user, ReadOnlyMemory<byte> password)
    {
        bool known = fromOptions.TryGetValue(user, out string? stored) || fromFile?.Value.TryGetValue(user, out stored) == true;
        if (known && !PasswordHash.Looks(stored!))
        {
            return CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(stored!)), SHA256.HashData(password.Span));
        }

        // Who has proved the password before proves it again by a fast seal that only this process can make: a plant that reconnects
        // as a whole would otherwise hash for minutes.
        var seal = HMACSHA256.HashData(key, password.Span);
        if (known && verified.TryGetValue(user, out var before) && before.Stored == stored && CryptographicOperations.FixedTimeEquals(before.Seal, seal))
            return true;
        var hash = (known ? PasswordHash.Parse(stored!) : null) ?? nobody;
        await Hashing.WaitAsync().ConfigureAwait(false);
        bool equal;
        try
        {
            // Not on the read loop: whoever watches it would take it for a client that sends nothing.
            equal = await Task.Run(() => hash.Verify(password.Span)).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Increment(ref hashes);
            Hashing.Release();
        }

        if (!known || !equal || hash == nobody)
            return false;
        if (verified.Count >= MaxRemembered)
            verified.Clear();
        verified[user] = (stored!, seal);
        return true;
    }
}

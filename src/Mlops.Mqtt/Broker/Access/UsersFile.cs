namespace Mlops.Mqtt.Broker.Access;

/// <summary>Reads a file of users, one <c>name:hash</c> a line, as <c>mosquitto_passwd</c> writes it.</summary>
internal static class UsersFile
{
    /// <exception cref="IOException">The file cannot be read, or a line cannot be used.</exception>
    public static Dictionary<string, string> Read(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The file '{file}' with the users of the MQTT broker cannot be read: {error.Message} Correct UsersFile.", error);
        }

        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int number = 1; number <= lines.Length; number++)
        {
            string line = lines[number - 1].Trim();
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || PasswordHash.Parse(line[(colon + 1)..]) is null)
                throw Unusable(file, number, "is not 'name:hash' with a hash that mosquitto_passwd or MqttPassword.Hash made");
            if (!users.TryAdd(line[..colon], line[(colon + 1)..]))
                throw Unusable(file, number, $"names user '{line[..colon]}' a second time");
        }

        return users;
    }

    private static IOException Unusable(string file, int line, string problem) =>
        new($"Line {line} of the file '{file}' with the users of the MQTT broker {problem}. Correct it.");
}

namespace Mlops.Mqtt;

/// <summary>How a client opens a WebSocket (RFC 6455) and speaks MQTT on it.</summary>
public sealed class MqttClientWebSocketOptions
{
    /// <summary>Gets or sets the path, with a query if the server wants one.</summary>
    /// <value><c>/mqtt</c> by default.</value>
    public string Path { get; set; } = "/mqtt";

    /// <summary>Gets further HTTP headers of the request, such as a token for a gateway.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<string> Problems()
    {
        if (!Path.StartsWith('/') || Path.AsSpan().ContainsAnyExceptInRange('!', '~'))
            yield return $"WebSocket.Path is '{Path}': set a path that begins with '/' and has neither blanks nor letters beyond ASCII.";
        foreach (var (name, value) in Headers)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.Contains(':') || value.AsSpan().ContainsAny('\r', '\n', '\0'))
                yield return $"WebSocket.Headers has '{name}', which is no HTTP header: set a name of ASCII letters and a value of one line.";
        }
    }
}

namespace Mlops.Mqtt.Tests.Faults;

/// <summary>A client whose session outlives its connections, and which is back at once.</summary>
internal static class LastingClient
{
    public static MqttClient Of(int port, MqttProtocolVersion version, string name, Action<MqttClientOptions>? configure = null)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ProtocolVersion = version,
            ClientId = name,
            CleanStart = false,
            SessionExpiry = TimeSpan.FromMinutes(5),
            ReconnectDelay = TimeSpan.FromMilliseconds(20),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(100),
        };
        configure?.Invoke(options);
        return new MqttClient(options);
    }
}

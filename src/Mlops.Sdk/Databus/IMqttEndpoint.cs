namespace Mlops.Databus;

/// <summary>Where the MQTT broker of this node is reached. Thread-safe.</summary>
public interface IMqttEndpoint
{
    /// <summary>Gets the name or address for clients on this machine.</summary>
    string Host { get; }

    /// <summary>Gets the port; 0 while an embedded broker does not listen yet.</summary>
    int Port { get; }
}

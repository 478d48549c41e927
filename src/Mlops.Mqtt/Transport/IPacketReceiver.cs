namespace Mlops.Mqtt.Transport;

/// <summary>Handles the packets of one connection, one at a time, on its read loop.</summary>
internal interface IPacketReceiver
{
    /// <summary>Gets the largest PUBLISH in bytes that is read; anything larger is refused before it is buffered.</summary>
    int MaxPacketSize { get; }

    /// <summary>Handles one packet; the body is valid until the method returns. An incomplete task stops reading.</summary>
    /// <exception cref="MqttException">The packet breaks the protocol.</exception>
    ValueTask Receive(byte first, ReadOnlySpan<byte> body, long receivedTicks, bool moreBuffered);

    /// <summary>Gives the packet that tells the peer why the connection is closed, or null where the protocol has none.</summary>
    byte[]? Farewell(MqttException error);
}

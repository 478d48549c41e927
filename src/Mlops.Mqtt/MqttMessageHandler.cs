namespace Mlops.Mqtt;

/// <summary>Receives one message on the read loop of the connection that it came from.</summary>
/// <remarks>
/// Calls for one connection never overlap. <see cref="MqttIncoming.Payload"/> is valid until the method returns, so a handler parses
/// or copies before it returns, and cannot be an <c>async</c> method itself. A completed task costs nothing; an incomplete one stops
/// reading from that connection until it completes, which is how a handler asks for back-pressure. A handler that throws loses
/// that message only: the exception is logged and counted, and the message is acknowledged.
/// </remarks>
/// <param name="message">The message; cannot be stored.</param>
/// <returns>A task that is complete as soon as the connection may be read on.</returns>
public delegate ValueTask MqttMessageHandler(in MqttIncoming message);

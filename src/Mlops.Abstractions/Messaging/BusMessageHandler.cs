namespace Mlops.Messaging;

/// <summary>Receives the messages of one subscription, one at a time and in the order of the connection they came from.</summary>
/// <param name="message">The message, valid during the call.</param>
/// <returns>Completed at once, or later to hold that connection back. A handler must not throw for what a message contains.</returns>
public delegate ValueTask BusMessageHandler(in BusMessage message);

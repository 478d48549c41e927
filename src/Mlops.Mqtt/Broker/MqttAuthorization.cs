namespace Mlops.Mqtt;

/// <summary>Decides whether a client may do something. Called on the client's read loop for each publish, so it must be fast.</summary>
/// <param name="context">Who wants to do what.</param>
/// <returns>True when it may.</returns>
public delegate bool MqttAuthorization(in MqttAuthorizationContext context);

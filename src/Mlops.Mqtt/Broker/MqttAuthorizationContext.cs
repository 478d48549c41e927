namespace Mlops.Mqtt;

/// <summary>What a client wants to do.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="UserName">Its user name, or null when it is anonymous.</param>
/// <param name="Access">Whether it publishes or subscribes.</param>
/// <param name="Topic">The topic published to, or the filter subscribed to; of a shared one the part behind its name.</param>
public readonly record struct MqttAuthorizationContext(string ClientId, string? UserName, MqttAccess Access, string Topic);

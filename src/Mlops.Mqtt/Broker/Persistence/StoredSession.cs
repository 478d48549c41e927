using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker.Persistence;

/// <summary>A session as it stands on the disk.</summary>
/// <param name="Id">Its name there.</param>
/// <param name="ClientId">The client.</param>
/// <param name="ExpirySeconds">How long it outlives its connection.</param>
/// <param name="DisconnectedAt">When its connection ended, in milliseconds since 1970; null while there is one.</param>
/// <param name="LastSent">With <paramref name="DisconnectedAt"/>: the last delivery that may have been sent.</param>
/// <param name="UserName">Who has left the will.</param>
/// <param name="Will">The will that is pending, or that becomes so when the connection ends.</param>
internal sealed record StoredSession(
    long Id, string ClientId, double ExpirySeconds, long? DisconnectedAt, long LastSent, string? UserName, WillMessage? Will);

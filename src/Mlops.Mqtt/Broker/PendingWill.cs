using System.Net;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>A will that is to be published now or later, with who left it; without an address when that was before a restart.</summary>
internal sealed record PendingWill(WillMessage Message, BrokerSession Session, string? UserName, EndPoint? EndPoint);

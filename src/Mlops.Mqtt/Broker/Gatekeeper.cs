using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Mqtt.Broker;

/// <summary>Decides who may connect and what a client may do.</summary>
internal sealed class Gatekeeper(MqttBrokerOptions options)
{
    public Func<MqttAuthenticationContext, ValueTask<MqttReasonCode>>? Authenticate { get; set; }

    public MqttAuthorization? Authorize { get; set; }

    public ValueTask<MqttReasonCode> AdmitAsync(MqttAuthenticationContext context) =>
        Authenticate is { } authenticate ? authenticate(context) : ValueTask.FromResult(Check(context));

    public bool Allows(string clientId, string? userName, MqttAccess access, string topic) =>
        Authorize is not { } authorize || authorize(new MqttAuthorizationContext(clientId, userName, access, topic));

    private MqttReasonCode Check(MqttAuthenticationContext context)
    {
        if (context.UserName is { } user && options.Users.Count > 0)
        {
            // Compared with something in any case, so that the time tells nothing about which names exist.
            bool known = options.Users.TryGetValue(user, out string? password);
            bool equal = CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(password ?? "")), SHA256.HashData(context.Password.Span));
            return known && equal ? MqttReasonCode.Success : MqttReasonCode.BadUserNameOrPassword;
        }

        bool fromHere = context.RemoteEndPoint is IPEndPoint remote && IPAddress.IsLoopback(remote.Address);
        return options.AllowAnonymousFromLoopback && fromHere ? MqttReasonCode.Success : MqttReasonCode.NotAuthorized;
    }
}

using System.Net;
using Microsoft.Extensions.Logging;
using Mlops.Mqtt.Broker.Access;
using Mlops.Mqtt.Transport;

namespace Mlops.Mqtt.Broker;

/// <summary>Decides who may connect and what a client may do.</summary>
internal sealed class Gatekeeper(MqttBrokerOptions options, ILogger logger, TimeProvider time)
{
    /// <summary>How many wrong passwords in a row are looked at, for one user from one address, and how many a second after that.</summary>
    private const int WrongAtOnce = 10;
    private const double WrongPerSecond = 0.2;

    private readonly UserTable users = new(options, logger, time);
    private readonly RateLimiter<(IPAddress, string)> wrong = new(WrongPerSecond, WrongAtOnce, time);
    private readonly MqttAccessRule[] rules = [.. options.Rules];

    public Func<MqttAuthenticationContext, ValueTask<MqttReasonCode>>? Authenticate { get; set; }

    public MqttAuthorization? Authorize { get; set; }

    /// <summary>The methods of enhanced authentication by name; replaced, never changed.</summary>
    private Dictionary<string, Func<MqttAuthenticationContext, IMqttAuthenticationExchange>> methods = new(StringComparer.Ordinal);

    public void AddMethod(string name, Func<MqttAuthenticationContext, IMqttAuthenticationExchange> begin) =>
        methods = new(methods, StringComparer.Ordinal) { [name] = begin };

    public Func<MqttAuthenticationContext, IMqttAuthenticationExchange>? FindMethod(string name) => methods.GetValueOrDefault(name);

    public ValueTask<MqttReasonCode> AdmitAsync(MqttAuthenticationContext context) =>
        Authenticate is { } authenticate ? authenticate(context) : CheckAsync(context);

    /// <summary>Tells whether a client may publish to a topic. What the broker says about itself cannot be said by others (MQTT 5, section 4.7.2).</summary>
    public bool MayPublish(string clientId, string? userName, string topic) =>
        !topic.StartsWith("$SYS/", StringComparison.Ordinal) && Allows(clientId, userName, MqttAccess.Publish, topic);

    public bool Allows(string clientId, string? userName, MqttAccess access, string topic)
    {
        if (Authorize is not { } authorize)
            return rules.Length == 0 || HasRule(clientId, userName, access, topic);
        using var others = DeferredWrites.Suspend();
        return authorize(new MqttAuthorizationContext(clientId, userName, access, topic));
    }

    private bool HasRule(string clientId, string? userName, MqttAccess access, ReadOnlySpan<char> topic)
    {
        var needed = access == MqttAccess.Publish ? MqttAccessRights.Write : MqttAccessRights.Read;
        foreach (var rule in rules)
        {
            if ((rule.Rights & needed) != 0 && (rule.User is null || rule.User == userName) && TopicPattern.Includes(rule.Topic, topic, userName, clientId))
                return true;
        }

        return false;
    }

    private async ValueTask<MqttReasonCode> CheckAsync(MqttAuthenticationContext context)
    {
        if (context.IsUserByCertificate)
            return MqttReasonCode.Success;
        if (context.UserName is { } user && !users.IsEmpty)
        {
            var who = (PeerAddress.Of(context.RemoteEndPoint), user);
            if (!wrong.HasRoom(who))
                return MqttReasonCode.ConnectionRateExceeded;
            if (await users.VerifyAsync(user, context.Password).ConfigureAwait(false))
                return MqttReasonCode.Success;
            wrong.TryTake(who);
            return MqttReasonCode.BadUserNameOrPassword;
        }

        bool isHere = context.RemoteEndPoint is IPEndPoint remote && IPAddress.IsLoopback(remote.Address);
        return context.Anonymous == MqttAnonymousAccess.Everybody || (context.Anonymous == MqttAnonymousAccess.Loopback && isHere)
            ? MqttReasonCode.Success
            : MqttReasonCode.NotAuthorized;
    }
}

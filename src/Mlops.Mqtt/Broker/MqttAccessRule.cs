namespace Mlops.Mqtt;

/// <summary>Allows something to somebody, in <see cref="MqttBrokerOptions.Rules"/>.</summary>
public sealed class MqttAccessRule
{
    /// <summary>Gets or sets the user whom the rule is for.</summary>
    /// <value>Null by default: everybody, anonymous clients too.</value>
    public string? User { get; set; }

    /// <summary>Gets or sets the topics: a filter in which <c>%u</c> stands for the client's user name and <c>%c</c> for its identifier.</summary>
    /// <remarks>A name or identifier with <c>/</c>, <c>+</c> or <c>#</c>, or none at all, makes a rule with its place unusable for that client.</remarks>
    public required string Topic { get; set; }

    /// <summary>Gets or sets what is allowed. A filter may be subscribed to if the rule's topics include all of its topics.</summary>
    /// <value><see cref="MqttAccessRights.ReadWrite"/> by default.</value>
    public MqttAccessRights Rights { get; set; } = MqttAccessRights.ReadWrite;
}

namespace Mlops.Mqtt;

/// <summary>Which messages pass a bridge, which way, and under which names.</summary>
/// <remarks>A topic <c>x</c> that matches <see cref="Filter"/> is <c>LocalPrefix + x</c> at the local broker and <c>RemotePrefix + x</c> at the remote one.</remarks>
public sealed class MqttBridgeTopic
{
    /// <summary>Gets or sets the topic filter, without the prefixes.</summary>
    /// <value><c>#</c> by default: everything under the prefix, <c>$</c> topics excepted.</value>
    public string Filter { get; set; } = "#";

    /// <summary>Gets or sets which way messages pass.</summary>
    /// <value><see cref="MqttBridgeDirection.Out"/> by default.</value>
    public MqttBridgeDirection Direction { get; set; } = MqttBridgeDirection.Out;

    /// <summary>Gets or sets what topics begin with at the local broker, the slash included.</summary>
    /// <value>Empty by default.</value>
    public string LocalPrefix { get; set; } = "";

    /// <summary>Gets or sets what topics begin with at the remote broker, the slash included.</summary>
    /// <value>Empty by default.</value>
    public string RemotePrefix { get; set; } = "";

    /// <summary>Gets or sets the highest quality of service; QoS 0 is not held through an outage.</summary>
    /// <value>QoS 1 by default, which is the highest: QoS 2 messages pass with QoS 1.</value>
    public MqttQualityOfService QualityOfService { get; set; } = MqttQualityOfService.AtLeastOnce;

    /// <summary>Gets or sets whether messages that are to be kept by their broker are kept by the other one too.</summary>
    /// <value>True by default. A 3.1.1 broker does not say of a live message that it is one.</value>
    public bool Retain { get; set; } = true;

    internal MqttBridgeTopic Clone() => (MqttBridgeTopic)MemberwiseClone();

    /// <summary>Lists what cannot be used, each with its remedy.</summary>
    /// <param name="name">What these settings are called where they come from.</param>
    /// <returns>A sentence or two for each problem; none when there is none.</returns>
    public IEnumerable<string> FindProblems(string name)
    {
        foreach (string prefix in new[] { LocalPrefix, RemotePrefix })
        {
            if (prefix.Length > 0 && !prefix.EndsWith('/'))
                yield return $"{name}: the prefix '{prefix}' does not end with '/'. Add it.";
            else if (!MqttTopicFilter.IsValidFilter(prefix + Filter) || SharedFilter.IsShared(prefix + Filter) || (prefix.Length > 0 && !MqttTopicFilter.IsValidTopic(prefix)))
                yield return $"{name}: '{prefix}' and '{Filter}' make no topic filter that a bridge can use. Let the prefix hold no wildcard, and no filter begin with '$share/'.";
        }

        if (Direction is not (MqttBridgeDirection.In or MqttBridgeDirection.Out or MqttBridgeDirection.Both))
            yield return $"{name}.Direction is '{Direction}': set In, Out or Both.";
        if (QualityOfService > MqttQualityOfService.AtLeastOnce)
            yield return $"{name}.QualityOfService is '{QualityOfService}': set AtMostOnce or AtLeastOnce; a bridge delivers at least once.";
    }
}

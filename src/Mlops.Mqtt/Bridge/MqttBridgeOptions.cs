using Mlops.Mqtt.Bridge;

namespace Mlops.Mqtt;

/// <summary>The settings of an <see cref="MqttBridge"/>; read once, when the bridge is created.</summary>
public sealed class MqttBridgeOptions
{
    /// <summary>Gets or sets the name of the bridge. It marks the messages that have passed, so it is to be the only one of this name among all that are connected.</summary>
    /// <value>The name of the machine by default.</value>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Gets or sets how the local broker is reached, when it is not one in this process.</summary>
    /// <value>Null by default.</value>
    public MqttClientOptions? Local { get; set; }

    /// <summary>Gets or sets how the remote broker is reached.</summary>
    /// <value>localhost by default. For both sides, without a <see cref="MqttClientOptions.ClientId"/> it follows from <see cref="Name"/>;
    /// the session is always resumed, and kept by the broker for a week if <see cref="MqttClientOptions.SessionExpiry"/> is zero.
    /// Without an <see cref="MqttClientOptions.Outbox"/> messages wait in memory.</value>
    public MqttClientOptions Remote { get; set; } = new();

    /// <summary>Gets which messages pass. Of several that match a message, each one passes it.</summary>
    public IList<MqttBridgeTopic> Topics { get; } = [];

    /// <summary>Gets or sets how many bridges a message may have passed; beyond that it is not passed on (MQTT 5).</summary>
    /// <value>8 by default. A message never passes the same bridge twice.</value>
    public int MaxHops { get; set; } = 8;

    internal MqttBridgeOptions Checked(bool hasBroker)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(Name))
            errors.Add($"Name is '{Name}': set one that no other bridge has.");
        if (hasBroker == Local is not null)
            errors.Add(hasBroker ? "Local is set, but the local broker is the one in this process: remove one of them." : "Local is null: set how the local broker is reached.");
        if (Topics.Count == 0)
            errors.Add("Topics is empty, so nothing would pass: add one.");
        if (MaxHops <= 0)
            errors.Add($"MaxHops is '{MaxHops}': set more than zero.");
        for (int i = 0; i < Topics.Count; i++)
            errors.AddRange(Topics[i].FindProblems($"Topics[{i}]"));
        if (errors.Count == 0 && (Remote.ProtocolVersion == MqttProtocolVersion.V311 || Local?.ProtocolVersion == MqttProtocolVersion.V311)
            && Loops.Find(Topics) is { } loop)
            errors.Add($"Topics: '{loop}' passes both ways, and MQTT 3.1.1 cannot mark what has passed, so messages would go round for ever. Use MQTT 5, or prefixes that keep both ways apart.");
        if (errors.Count > 0)
            throw new ArgumentException($"The options of the MQTT bridge '{Name}' cannot be used. " + string.Join(" ", errors));
        var clone = new MqttBridgeOptions { Name = Name, MaxHops = MaxHops, Remote = Side(Remote, "remote"), Local = Local is null ? null : Side(Local, "local") };
        foreach (var topic in Topics)
            clone.Topics.Add(topic.Clone());
        return clone;
    }

    private MqttClientOptions Side(MqttClientOptions options, string side)
    {
        var clone = options.Clone();
        clone.ClientId ??= $"bridge-{Name}-{side}";
        clone.CleanStart = false;
        clone.Outbox ??= new MqttOutboxOptions();
        if (clone.SessionExpiry == TimeSpan.Zero)
            clone.SessionExpiry = TimeSpan.FromDays(7);
        return clone;
    }
}

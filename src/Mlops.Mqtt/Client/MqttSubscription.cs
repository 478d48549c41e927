using Mlops.Mqtt.Client;

namespace Mlops.Mqtt;

/// <summary>A handler for a topic filter; disposing it ends the subscription.</summary>
public sealed class MqttSubscription : IAsyncDisposable
{
    private readonly Func<MqttSubscription, Task> unsubscribe;
    private int disposed;

    internal MqttSubscription(FilterGroup group, MqttMessageHandler handler, bool manual, Func<MqttSubscription, Task> unsubscribe)
    {
        IsManual = manual;
        Group = group;
        Handler = handler;
        this.unsubscribe = unsubscribe;
    }

    /// <summary>Gets the topic filter.</summary>
    public string Filter => Group.Filter;

    /// <summary>Gets what the broker has granted, or null while it has not answered yet.</summary>
    public MqttQualityOfService? GrantedQualityOfService => Group.Granted;

    /// <summary>Gets the broker's answer, or null while it has not answered yet.</summary>
    public MqttReasonCode? Reason => Group.Reason;

    /// <summary>Gets what the broker says about its answer, or null.</summary>
    public string? ReasonString => Group.ReasonString;

    internal FilterGroup Group { get; }

    internal MqttMessageHandler Handler { get; }

    internal bool IsManual { get; }

    /// <summary>Stops calling the handler and, when it was the last one for its filter, tells the broker. Safe to call again.</summary>
    /// <returns>A task that completes when the broker has answered, or at once without a connection.</returns>
    public ValueTask DisposeAsync() =>
        Interlocked.Exchange(ref disposed, 1) == 0 ? new ValueTask(unsubscribe(this)) : ValueTask.CompletedTask;
}

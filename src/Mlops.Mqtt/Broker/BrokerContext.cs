using Microsoft.Extensions.Logging;

namespace Mlops.Mqtt.Broker;

/// <summary>What all connections of one broker share.</summary>
internal sealed class BrokerContext
{
    public BrokerContext(MqttBrokerOptions options, MqttBrokerCounters counters, ILogger logger, TimeProvider time)
    {
        Options = options;
        Counters = counters;
        Logger = logger;
        Time = time;
        Retained = new RetainedMessages(options.MaxRetained, options.MaxRetainedBytes);
        Sessions = new SessionRegistry(options, counters, Router, time);
        Pipeline = new MessagePipeline(Router, Retained, counters, logger);
        Gatekeeper = new Gatekeeper(options);
    }

    public MqttBrokerOptions Options { get; }

    public MqttBrokerCounters Counters { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    public Router Router { get; } = new();

    public RetainedMessages Retained { get; }

    public SessionRegistry Sessions { get; }

    public MessagePipeline Pipeline { get; }

    public Gatekeeper Gatekeeper { get; }

    /// <summary>Whether the broker is stopping: then wills stay unpublished, as nobody is there to see them.</summary>
    public bool IsStopping { get; set; }
}

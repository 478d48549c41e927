using Microsoft.Extensions.DependencyInjection;
using Mlops.Ingest;
using Mlops.Messaging;

namespace Mlops.Drivers.MqttDecoder;

/// <summary>Creates drivers of the kind <c>mqtt-decoder</c>.</summary>
internal sealed class MqttDecoderFactory(IServiceProvider services, TimeProvider time) : IHighLevelDriverFactory
{
    public string Kind => "mqtt-decoder";

    public Type SettingsType => typeof(MqttDecoderSettings);

    // The bus is asked for late: it may depend on what depends on drivers.
    public IHighLevelDriver Create(string asset, object settings) => new MqttDecoderDriver(
        asset,
        (MqttDecoderSettings)settings,
        services.GetService<IMessageBus>() ?? throw new DriverConfigurationException($"Asset '{asset}': this host has no message bus. Add one (AddMqttBroker()), or use another kind of driver."),
        services.GetRequiredService<IngestPipeline>(),
        services.GetRequiredService<MessageTakers>(),
        time);
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Databus;
using Mlops.Hosting;
using Mlops.Messaging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds MQTT.</summary>
public static class MqttBuilderExtensions
{
    /// <summary>
    /// Adds MQTT as the message bus: the embedded broker, or a client of an outside broker when <c>Mlops:Mqtt:Host</c> is set. Add it
    /// behind the rooms that subscribe, so that it opens after them. A bus that the host has registered itself stays.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddMqttBroker(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMlopsOptions<MqttOptions>("Mqtt");
        builder.AddDatabusOptions();
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MqttOptions>, MqttOptionsRules>());
        services.TryAddSingleton<IMqttBus>(provider => provider.GetRequiredService<IOptions<MqttOptions>>().Value.Host.Length == 0
            ? ActivatorUtilities.CreateInstance<MqttBrokerBus>(provider)
            : ActivatorUtilities.CreateInstance<MqttClientBus>(provider));
        services.TryAddSingleton<IMqttEndpoint>(provider => provider.GetRequiredService<IMqttBus>());
        services.TryAddSingleton<IMessageBus>(provider => provider.GetRequiredService<IMqttBus>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MqttHostedService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MqttBridges>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UpdateRequester>());
        return builder;
    }
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Databus.Publishing;
using Mlops.Drivers;
using Mlops.Drivers.Access;
using Mlops.Drivers.Catalog;
using Mlops.Drivers.Files;
using Mlops.Drivers.Mirroring;
using Mlops.Drivers.MqttDecoder;
using Mlops.Hosting;
using Mlops.Store;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the host of High-Level Drivers.</summary>
public static class DriversBuilderExtensions
{
    /// <summary>
    /// Adds the host that connects assets through the drivers that are registered as <see cref="IHighLevelDriverFactory"/>. The assets
    /// are kept in the catalog (<see cref="IAssetCatalog"/>), into which <c>Mlops:Assets</c> (<c>{id: {kind, settings}}</c>) brings
    /// each id once. The kinds <c>file</c> and <c>mqtt-decoder</c> are built in. Settings of the host: <c>Mlops:Drivers</c>. Adds ingest as well.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddDrivers(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddIngest().AddMlopsOptions<DriversOptions>("Drivers");
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DriversOptions>, DriversOptionsRules>());
        services.TryAddSingleton<NodeDatabase>();
        services.TryAddSingleton<DatabusApp>();
        services.TryAddSingleton<MirrorPublisher>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHighLevelDriverFactory, FileDriverFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHighLevelDriverFactory, MqttDecoderFactory>());
        services.TryAddSingleton<DriverKinds>();
        services.TryAddSingleton<NodeKey>();
        services.TryAddSingleton<AssetRows>();
        services.TryAddSingleton<DriverHost>();
        services.TryAddSingleton<IAssets>(provider => provider.GetRequiredService<DriverHost>());
        services.TryAddSingleton<DriverInstruments>();
        services.TryAddSingleton<AssetCatalog>();
        services.TryAddSingleton<IAssetCatalog>(provider => provider.GetRequiredService<AssetCatalog>());
        services.TryAddSingleton<IAssetAccess, AssetAccess>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INodeConfigurationPart, AssetsPart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DatabusApp>(provider => provider.GetRequiredService<DatabusApp>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DriverHostedService>());
        return builder;
    }
}

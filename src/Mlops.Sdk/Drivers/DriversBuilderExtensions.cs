using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Mlops.Drivers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the host of High-Level Drivers.</summary>
public static class DriversBuilderExtensions
{
    /// <summary>
    /// Adds the host that connects the assets of <c>Mlops:Assets</c> (<c>{id: {kind, settings}}</c>) through the drivers that are
    /// registered as <see cref="IHighLevelDriverFactory"/>. Adds ingest as well.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddDrivers(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddIngest();
        builder.Services.TryAddSingleton<DriverKinds>();
        builder.Services.TryAddSingleton<DriverHost>();
        builder.Services.TryAddSingleton<IAssets>(provider => provider.GetRequiredService<DriverHost>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DriverHostedService>());
        return builder;
    }
}

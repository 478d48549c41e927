using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Drivers;
using Mlops.Drivers.OpcUa;
using Mlops.Drivers.OpcUa.Channels;
using Mlops.Drivers.OpcUa.Discovery;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Store;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the OPC UA driver to a host.</summary>
public static class OpcUaBuilderExtensions
{
    private const string Section = "Mlops:OpcUa";

    /// <summary>Adds drivers of the kind <c>opcua</c>. What they share is bound from <c>Mlops:OpcUa</c>.</summary>
    /// <param name="builder">What <c>AddMlops</c> returned.</param>
    /// <param name="configure">Changes what the configuration says; may be left out.</param>
    /// <returns>The same builder.</returns>
    public static IMlopsBuilder AddOpcUa(this IMlopsBuilder builder, Action<OpcUaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        OptionsBuilder<OpcUaOptions> options = builder.Services.AddOptions<OpcUaOptions>()
            .Configure<IServiceProvider>(static (options, services) => services.GetService<IConfiguration>()?.GetSection(Section).Bind(options));
        if (configure is not null)
            options.Configure(configure);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(static services => new CertificateStore(
            services.GetRequiredService<IOptions<OpcUaOptions>>().Value, DefaultFolder(services.GetService<IConfiguration>()), services.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton<OpcUaInstruments>();
        builder.Services.TryAddSingleton<IOpcUaDiscovery, OpcUaDiscovery>();
        builder.Services.TryAddSingleton(static services => new OpcUaServices(
            services.GetRequiredService<CertificateStore>(),
            services.GetRequiredService<OpcUaInstruments>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<OpcUaDriver>>(),
            services.GetService<IFeedStore>(),
            services.GetService<IOpcUaChannelFactory>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHighLevelDriverFactory, OpcUaDriverFactory>());
        return builder;
    }

    private static string DefaultFolder(IConfiguration? configuration) => Path.Combine(configuration?["Mlops:DataFolder"] ?? "data", "opcua");
}

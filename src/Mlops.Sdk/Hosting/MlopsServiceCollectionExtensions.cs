using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The front door of the SDK.</summary>
public static class MlopsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the framework: store, ingest, drivers, training, prediction and metrics. Each is a building block with a verb of its
    /// own on the builder; plug-ins (<c>AddMqttBroker</c>, <c>AddPython</c>, …) are added behind.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The configuration section, by convention <c>Mlops</c>; <see langword="null"/> for defaults.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddMlops(this IServiceCollection services, IConfiguration? section = null) =>
        services.AddMlopsCore(section).AddStore().AddIngest().AddDrivers().AddTraining().AddPrediction().AddMetrics();

    /// <summary>Adds only what every building block needs; the blocks are chosen on the builder.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The configuration section, by convention <c>Mlops</c>; <see langword="null"/> for defaults.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddMlopsCore(this IServiceCollection services, IConfiguration? section = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (section is not null)
            services.TryAddSingleton(new MlopsSection(section));
        var builder = new MlopsBuilder(services);
        builder.AddMlopsOptions<MlopsOptions>("");
        return builder;
    }
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Hosting;
using Mlops.Metrics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds measuring.</summary>
public static class MetricsBuilderExtensions
{
    /// <summary>Adds measuring of memory, processor and energy for trainings and deployments.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddMetrics(this IMlopsBuilder builder)
    {
        builder.AddMlopsOptions<MetricsOptions>("Metrics");
        builder.Services.TryAddSingleton<EnergyMeter>();
        builder.Services.TryAddSingleton<IRunMeter, RunMeter>();
        return builder;
    }
}

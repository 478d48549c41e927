using CustomDriver;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Drivers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the driver to a host: <c>services.AddMlops(…).AddLineSensor()</c>.</summary>
public static class LineSensorBuilderExtensions
{
    public static IMlopsBuilder AddLineSensor(this IMlopsBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHighLevelDriverFactory, LineSensorFactory>());
        return builder;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Drivers;
using Mlops.Drivers.GenICam;
using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Pictures;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the GenICam driver to a host.</summary>
public static class GenICamBuilderExtensions
{
    private const string Section = "Mlops:GenICam";

    /// <summary>Adds drivers of the kind <c>genicam</c>, with Aravis as provider of cameras. What they share is bound from <c>Mlops:GenICam</c>.</summary>
    /// <param name="builder">What <c>AddMlops</c> returned.</param>
    /// <param name="configure">Changes what the configuration says; may be left out.</param>
    /// <returns>The same builder.</returns>
    public static IMlopsBuilder AddGenICam(this IMlopsBuilder builder, Action<GenICamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        OptionsBuilder<GenICamOptions> options = builder.Services.AddOptions<GenICamOptions>()
            .Configure<IServiceProvider>(static (options, services) => services.GetService<IConfiguration>()?.GetSection(Section).Bind(options));
        if (configure is not null)
            options.Configure(configure);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<GenICamInstruments>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ICameraProvider, AravisProvider>(static services => new AravisProvider(services.GetRequiredService<IOptions<GenICamOptions>>().Value)));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPictureDecoder, FrameDecoder>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHighLevelDriverFactory, GenICamDriverFactory>());
        return builder;
    }
}

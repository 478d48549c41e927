using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Mlops.Hosting;

/// <summary>One way of registering options for every room.</summary>
internal static class OptionsBuilderExtensions
{
    /// <summary>Binds options to a part of the section given to <c>AddMlops</c>, validates annotations, and validates at start. Calling it twice changes nothing.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The part, for example <c>Store</c>; empty for the section itself.</param>
    public static IMlopsBuilder AddMlopsOptions<TOptions>(this IMlopsBuilder builder, string path)
        where TOptions : class
    {
        if (builder.Services.Any(s => s.ServiceType == typeof(Marker<TOptions>)))
            return builder;
        builder.Services.AddSingleton<Marker<TOptions>>();
        builder.Services.AddOptions<TOptions>().ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IConfigureOptions<TOptions>>(services =>
        {
            IConfiguration? section = services.GetService<MlopsSection>()?.Configuration;
            return new ConfigureOptions<TOptions>(options =>
            {
                if (section is not null)
                    (path.Length == 0 ? section : section.GetSection(path)).Bind(options);
            });
        });
        builder.Services.TryAddSingleton(TimeProvider.System);
        return builder;
    }

    private sealed class Marker<TOptions>;
}

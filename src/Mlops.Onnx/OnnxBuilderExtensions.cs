using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Onnx.Prediction;
using Mlops.Workflows;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ONNX to a host.</summary>
public static class OnnxBuilderExtensions
{
    private const string Section = "Mlops:Onnx";

    /// <summary>
    /// Adds the runtime of kind <c>onnx</c>, for packages that bring a model.onnx, and the engine that predicts for models of other
    /// runtimes where they were converted and the answers agree. Settings come from <c>Mlops:Onnx</c>.
    /// </summary>
    /// <param name="builder">What <c>AddMlops</c> returned.</param>
    /// <param name="configure">Changes what the configuration says; may be left out.</param>
    /// <returns>The same builder.</returns>
    public static IMlopsBuilder AddOnnx(this IMlopsBuilder builder, Action<OnnxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        OptionsBuilder<OnnxOptions> options = builder.Services.AddOptions<OnnxOptions>()
            .Configure<IServiceProvider>(static (options, services) => services.GetService<IConfiguration>()?.GetSection(Section).Bind(options))
            .Validate(static options => options.Threads is >= 1 and <= 256, "Mlops:Onnx:Threads must be from 1 to 256.")
            .ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        builder.Services.TryAddSingleton<OnnxModels>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IWorkflowRuntime, OnnxRuntime>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelEngine, OnnxEngine>());
        return builder;
    }
}

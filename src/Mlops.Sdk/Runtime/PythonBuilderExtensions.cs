using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Hosting;
using Mlops.Runtime;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Python runtime.</summary>
public static class PythonBuilderExtensions
{
    /// <summary>
    /// Adds the runtime of kind <c>python</c>: training in processes of its own, prediction of trusted workflows inside the host. Settings come
    /// from the sections <c>Python</c> and <c>Runtime</c>. Python itself is looked for when a workflow first needs it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IMlopsBuilder AddPython(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMlopsOptions<PythonOptions>("Python").AddMlopsOptions<PythonRuntimeOptions>("Runtime");
        builder.Services.TryAddSingleton<PythonInterpreter>();
        builder.Services.TryAddSingleton<WorkerPool>();
        builder.Services.TryAddSingleton<IPythonRuntimeStatus>(services => services.GetRequiredService<PythonInterpreter>().Status);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IWorkflowRuntime, PythonRuntime>());
        return builder;
    }
}

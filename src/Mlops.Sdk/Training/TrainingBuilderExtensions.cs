using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Store;
using Mlops.Training;
using Mlops.Training.Lifecycle;
using Mlops.Training.Transfer;
using Mlops.Workflows;
using Mlops.Workflows.Signing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds workflows and their training.</summary>
public static class TrainingBuilderExtensions
{
    /// <summary>
    /// Adds the catalog of workflow packages, training, and the registry of models. It needs the store (<c>AddStore</c>), measuring
    /// (<see cref="MetricsBuilderExtensions.AddMetrics"/>, added here) and a runtime (<c>AddPython</c> or another plug-in).
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMlopsBuilder AddTraining(this IMlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMlopsOptions<WorkflowOptions>("Workflows").AddMlopsOptions<TrainingOptions>("Training").AddMetrics();
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkflowOptions>, WorkflowOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TrainingOptions>, TrainingOptionsValidator>());
        services.TryAddSingleton<NodeDatabase>();
        services.TryAddSingleton<IWorkflowCatalog, WorkflowCatalog>();
        services.TryAddSingleton<WorkflowRuntimes>();
        services.TryAddSingleton<TrainingRecords>();
        services.TryAddSingleton<TrainingBoard>();
        services.TryAddSingleton<ITrainingJournal>(s => s.GetRequiredService<TrainingBoard>());
        services.TryAddSingleton<TrainingPlanner>();
        services.TryAddSingleton<SelectionPreviewer>();
        services.TryAddSingleton<Trainings>();
        services.TryAddSingleton<ITrainings>(s => s.GetRequiredService<Trainings>());
        services.TryAddSingleton<LifecycleJournal>();
        services.TryAddSingleton<ILifecycle>(s => s.GetRequiredService<LifecycleJournal>());
        services.TryAddSingleton<NodeSigningKey>();
        services.TryAddSingleton<ModelSignatures>();
        services.TryAddSingleton<ModelRegistry>();
        services.TryAddSingleton<IModels>(s => s.GetRequiredService<ModelRegistry>());
        services.TryAddSingleton<IModelTransfer, ModelTransfer>();
        services.TryAddSingleton<TrainingRun>();
        services.TryAddSingleton<TrainingWindows>();
        services.TryAddSingleton<TrainingInstruments>();
        services.TryAddSingleton<TrainingRunner>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TrainingHostedService>());
        return builder;
    }
}
